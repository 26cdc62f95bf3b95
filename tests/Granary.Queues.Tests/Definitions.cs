using Granary.Queues.Topics;

namespace Granary.Queues.Tests;

/// <summary>Partitions as a catalog would say what they are.</summary>
internal static class Definitions
{
    /// <summary>A queue's.</summary>
    public static PartitionDefinition Queue(QueueOptions? options = null, bool isPaused = false) => new(
        new QueueDefinition("orders", QueueLimits.MaxPartitions, options ?? new QueueOptions()) { IsPaused = isPaused }, null);

    /// <summary>A topic's.</summary>
    public static PartitionDefinition Topic(TopicOptions? topic, params SubscriptionDefinition[] subscriptions) => new(
        new QueueDefinition("orders", QueueLimits.MaxPartitions, new QueueOptions())
        {
            Topic = topic ?? new TopicOptions(),
            Subscriptions = subscriptions,
        },
        null);

    /// <summary>A subscription's.</summary>
    public static PartitionDefinition Subscription(PartitionDefinition topic, SubscriptionDefinition subscription) =>
        topic with { Subscription = subscription };
}
