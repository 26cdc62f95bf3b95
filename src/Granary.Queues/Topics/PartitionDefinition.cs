using Granary.Queues.Logs;
using Granary.Queues.Partitions;

namespace Granary.Queues.Topics;

/// <summary>What the catalog says of a partition: of a queue, a topic, or a subscription.</summary>
/// <param name="Queue">The queue, or the topic.</param>
/// <param name="Subscription">Whose partition it is; <see langword="null"/>: the queue's own.</param>
internal sealed record PartitionDefinition(QueueDefinition Queue, SubscriptionDefinition? Subscription)
{
    /// <summary>What it does with messages.</summary>
    public PartitionRole Role =>
        Subscription is not null ? PartitionRole.Subscription
        : Queue.Topic is not null ? PartitionRole.Topic
        : PartitionRole.Queue;

    /// <summary>How it treats them.</summary>
    public QueueOptions Options => Subscription is null
        ? Queue.Options
        : Subscription.Options with { Durability = Queue.Options.Durability };

    /// <summary>Whether it gives nothing out.</summary>
    public bool IsPaused => Subscription?.IsPaused ?? Queue.IsPaused;

    /// <summary>Of the queue or the subscription, whichever has the partition.</summary>
    public Guid Creation => Subscription?.Creation ?? Queue.Creation;

    /// <summary>Of the queue, or of topic and subscription.</summary>
    public string Name => Subscription is null ? Queue.Name : SubscriptionName.Of(Queue.Name, Subscription.Name);

    /// <summary>The part of its grain's key that does not number it.</summary>
    public string Key => PartitionKey.Of(Name, Creation);

    /// <summary>Those of a queue; of a topic its own, and those of its subscriptions.</summary>
    public static IEnumerable<PartitionDefinition> AllOf(QueueDefinition queue) =>
    [
        new PartitionDefinition(queue, null),
        .. queue.Subscriptions.Select(subscription => new PartitionDefinition(queue, subscription)),
    ];

    /// <summary>The partition that is meant; <see langword="null"/> if the definition does not have it.</summary>
    public static PartitionDefinition? Find(QueueDefinition? queue, PartitionId partition)
    {
        string? subscription = SubscriptionName.Read(partition.Queue).Subscription;
        SubscriptionDefinition? found = subscription is null ? null : queue?.Find(subscription);
        return queue is null || partition.Index >= queue.Partitions || (subscription is not null && found is null)
            ? null
            : new PartitionDefinition(queue, found);
    }

    /// <summary>Whose rows have the contents of a partition's messages.</summary>
    public static PartitionId SourceOf(PartitionId partition) =>
        partition with { Queue = SubscriptionName.Read(partition.Queue).Queue };
}
