namespace Granary.Queues;

/// <summary>A subscription of a topic: a cursor through its messages, and leases on them. It works as a queue does.</summary>
/// <param name="Name">As a queue's.</param>
[GenerateSerializer, Immutable, Alias("granary.SubscriptionDefinition")]
public sealed record SubscriptionDefinition([property: Id(0)] string Name)
{
    /// <summary>
    /// How it treats messages: leases, retries, dead letters. Sending is the topic's: deduplication, lengths, overflow,
    /// time to live and durability are by its options.
    /// </summary>
    [Id(1)]
    public QueueOptions Options { get; init; } = new();

    /// <summary>Which messages it is about. Changed, it holds for messages that the subscription has not come to yet.</summary>
    [Id(2)]
    public MessageFilter Filter { get; init; } = MessageFilter.All;

    /// <summary>Where it begins when it is made. Later <c>SeekAsync</c> sets it elsewhere.</summary>
    [Id(3)]
    public SubscriptionStart Start { get; init; } = SubscriptionStart.End;

    /// <summary>Which of all subscriptions that have had this name. Given when it is made, whatever the definition says then.</summary>
    [Id(4)]
    public Guid Creation { get; init; }

    /// <summary>As <see cref="QueueDefinition.IsPaused"/>; its messages stay in the topic meanwhile.</summary>
    [Id(5)]
    public bool IsPaused { get; init; }

    /// <summary>Throws if it makes no sense.</summary>
    /// <exception cref="ArgumentException">Names the value and the rule.</exception>
    public void Validate()
    {
        QueueLimits.CheckName(Name);
        Options.Validate();
        Filter.Validate();
        Start.Validate();
    }
}
