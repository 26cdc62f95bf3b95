namespace Granary.Reports;

/// <summary>One silo at a moment.</summary>
[GenerateSerializer, Immutable, Alias("granary.HistorySample")]
public readonly record struct HistorySample
{
    /// <summary>When.</summary>
    [Id(0)]
    public DateTimeOffset At { get; init; }

    /// <summary>What it had done until then.</summary>
    [Id(1)]
    public CacheCounters Counters { get; init; }

    /// <summary>Entries of its shards.</summary>
    [Id(2)]
    public long Entries { get; init; }

    /// <summary>Memory taken from its budget. Bytes.</summary>
    [Id(3)]
    public long UsedBytes { get; init; }

    /// <summary>How long ago what it evicted then was last used; <see langword="null"/> if it evicted nothing.</summary>
    [Id(4)]
    public TimeSpan? EvictionAge { get; init; }

    /// <summary>
    /// The 99th percentile of operations since the sample before, its own or those of other silos for it, whichever is
    /// greater; <see langword="null"/> without any.
    /// </summary>
    [Id(5)]
    public TimeSpan? LatencyP99 { get; init; }
}
