namespace Granary.Administration.Queues;

/// <summary>What a name of the queues stands for.</summary>
public enum QueueKind
{
    /// <summary>A queue.</summary>
    Queue,

    /// <summary>A topic, which is sent to.</summary>
    Topic,

    /// <summary>A topic's subscription, which is received from.</summary>
    Subscription,
}
