namespace Granary.Queues;

/// <summary>What a place in a topic is named by.</summary>
public enum SubscriptionStartKind
{
    /// <summary>Behind the last message: only those sent from now on.</summary>
    End,

    /// <summary>The oldest message that is kept.</summary>
    Beginning,

    /// <summary>The first message sent at a time or later.</summary>
    Time,

    /// <summary>A message of a partition.</summary>
    Positions,
}
