namespace Granary.Queues;

/// <summary>A queue that exists, or a topic.</summary>
/// <param name="Name">As <see cref="QueueLimits.CheckName"/> allows.</param>
/// <param name="Partitions">Fixed when it is created, because a MessageId or a group decides the partition.</param>
/// <param name="Options">How it treats its messages; may be changed.</param>
[GenerateSerializer, Immutable, Alias("granary.QueueDefinition")]
public sealed record QueueDefinition(
    [property: Id(0)] string Name,
    [property: Id(1)] int Partitions,
    [property: Id(2)] QueueOptions Options)
{
    /// <summary>Of a queue that does not say otherwise: 8, enough for the cores of a silo to work on at once.</summary>
    public const int DefaultPartitions = 8;

    [Id(5)]
    private readonly SubscriptionDefinition[]? _subscriptions;

    /// <summary>
    /// Which of all queues that have had this name. Given when it is made, whatever the definition says then; empty: it was
    /// made before there was this.
    /// </summary>
    [Id(3)]
    public Guid Creation { get; init; }

    /// <summary>It is a topic, for good: who receives does so from a subscription. <see langword="null"/>: a queue.</summary>
    [Id(4)]
    public TopicOptions? Topic { get; init; }

    /// <summary>Of a topic, by name. They are made and removed one by one; where a definition is put, these are not looked at.</summary>
    public IReadOnlyList<SubscriptionDefinition> Subscriptions
    {
        get => _subscriptions ?? [];
        init => _subscriptions = value is null ? null : [.. value]; // what was stored before there was this has none
    }

    /// <summary>
    /// It takes messages and gives none out, until it is resumed. No option, so that a program that declares its queue when
    /// it starts does not resume it: where a definition is put, this is not looked at. Of a topic never.
    /// </summary>
    [Id(6)]
    public bool IsPaused { get; init; }

    /// <summary>Throws if it makes no sense.</summary>
    /// <exception cref="ArgumentException">Names the value and the rule.</exception>
    public void Validate()
    {
        QueueLimits.CheckName(Name);
        QueueLimits.CheckPartitions(Partitions);
        Options.Validate();
        QueueLimits.CheckDeduplicationWindow(Options.DeduplicationWindow);
        Topic?.Validate();
        OptionRule.Check(
            Topic is null || Options.Durability != Durability.Memory,
            $"QueueOptions.Durability of topic '{Name}'",
            Options.Durability,
            "Strict or Relaxed");
    }

    /// <summary>The subscription of a name; <see langword="null"/> if it is not there.</summary>
    public SubscriptionDefinition? Find(string subscription) => Subscriptions.FirstOrDefault(one => one.Name == subscription);

    /// <summary>Names of subscriptions (<see cref="SubscriptionName"/>) that are here and not, or others, in a later definition.</summary>
    public IEnumerable<string> RemovedIn(QueueDefinition later)
    {
        ArgumentNullException.ThrowIfNull(later);
        return Subscriptions
            .Where(one => later.Find(one.Name)?.Creation != one.Creation)
            .Select(one => SubscriptionName.Of(Name, one.Name));
    }

    /// <summary>By what it says.</summary>
    public bool Equals(QueueDefinition? other) =>
        other is not null && Name == other.Name && Partitions == other.Partitions && Options == other.Options
        && Creation == other.Creation && Topic == other.Topic && IsPaused == other.IsPaused
        && Subscriptions.SequenceEqual(other.Subscriptions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Creation, Options, Subscriptions.Count);
}
