namespace Granary.Queues;

/// <summary>A place in a topic, in each of its partitions.</summary>
[GenerateSerializer, Immutable, Alias("granary.SubscriptionStart")]
public sealed record SubscriptionStart
{
    [Id(2)]
    private readonly MessagePosition[]? _positions;

    /// <summary>Behind the last message: only those sent from now on.</summary>
    public static SubscriptionStart End { get; } = new();

    /// <summary>The oldest message that is kept.</summary>
    public static SubscriptionStart Beginning { get; } = new() { Kind = SubscriptionStartKind.Beginning };

    /// <summary>What it is named by.</summary>
    [Id(0)]
    public SubscriptionStartKind Kind { get; init; }

    /// <summary>Of <see cref="SubscriptionStartKind.Time"/>.</summary>
    [Id(1)]
    public DateTimeOffset Time { get; init; }

    /// <summary>Of <see cref="SubscriptionStartKind.Positions"/>: of each partition one at most.</summary>
    public IReadOnlyList<MessagePosition> Positions
    {
        get => _positions ?? [];
        init => _positions = value is null ? null : [.. value];
    }

    /// <summary>The first message sent at a time or later, by the clock of the silo that stored it.</summary>
    public static SubscriptionStart At(DateTimeOffset time) => new() { Kind = SubscriptionStartKind.Time, Time = time };

    /// <summary>
    /// These messages, or the next ones that are kept. A partition that none is named of: its beginning for a new
    /// subscription; one that seeks stays there where it is.
    /// </summary>
    public static SubscriptionStart From(params IReadOnlyList<MessagePosition> positions) =>
        new() { Kind = SubscriptionStartKind.Positions, Positions = positions };

    /// <summary>Throws if it makes no sense.</summary>
    /// <exception cref="ArgumentException">Names the value and the rule.</exception>
    public void Validate() => OptionRule.Check(
        Positions.Count <= QueueLimits.MaxPartitions
            && Positions.All(static position => position.Partition >= 0 && position.Offset >= 0)
            && Positions.DistinctBy(static position => position.Partition).Count() == Positions.Count,
        "SubscriptionStart.Positions",
        string.Join(", ", Positions),
        "at most one position of a partition, from 0 on");

    /// <summary>By what it names.</summary>
    public bool Equals(SubscriptionStart? other) =>
        other is not null && Kind == other.Kind && Time == other.Time && Positions.SequenceEqual(other.Positions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Time, Positions.Count);
}
