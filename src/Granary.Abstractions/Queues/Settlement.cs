namespace Granary.Queues;

/// <summary>What a receiver says of one message.</summary>
/// <param name="Kind">What.</param>
/// <param name="Receipt">Of which.</param>
[GenerateSerializer, Immutable, Alias("granary.Settlement")]
public readonly record struct Settlement([property: Id(0)] SettlementKind Kind, [property: Id(1)] Receipt Receipt)
{
    /// <summary>Of an abandonment or a dead letter: why. At most <see cref="QueueLimits.MaxReasonLength"/> characters.</summary>
    [Id(2)]
    public string? Reason { get; init; }

    /// <summary>Of a dead letter: what is to be added. At most <see cref="QueueLimits.MaxReasonLength"/> characters.</summary>
    [Id(3)]
    public string? Details { get; init; }

    /// <summary>
    /// Of an abandonment: when it is tried again; of a renewal: the lease. <see langword="null"/>: as the queue says.
    /// </summary>
    [Id(4)]
    public TimeSpan? Duration { get; init; }
}
