namespace Granary.Queues.Partitions;

/// <summary>What a partition does with messages.</summary>
public enum PartitionRole
{
    /// <summary>Stores those that are sent, and gives them out.</summary>
    Queue,

    /// <summary>Stores those that are sent; subscriptions read them.</summary>
    Topic,

    /// <summary>Gives out those that it has read from a topic.</summary>
    Subscription,
}
