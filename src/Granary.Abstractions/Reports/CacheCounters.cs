namespace Granary.Reports;

/// <summary>What one silo's cache has done since the silo started. The differences of two readings are rates.</summary>
[GenerateSerializer, Immutable, Alias("granary.CacheCounters")]
public readonly record struct CacheCounters
{
    /// <summary>Reads of the silo's shards that found their key.</summary>
    [Id(0)]
    public long Hits { get; init; }

    /// <summary>Reads that did not.</summary>
    [Id(1)]
    public long Misses { get; init; }

    /// <summary>Stores that succeeded.</summary>
    [Id(2)]
    public long Stores { get; init; }

    /// <summary>Entries that clients deleted.</summary>
    [Id(3)]
    public long Deletions { get; init; }

    /// <summary>Entries dropped because there was no room.</summary>
    [Id(4)]
    public long Evictions { get; init; }

    /// <summary>Entries dropped because their time had passed.</summary>
    [Id(5)]
    public long Expirations { get; init; }

    /// <summary>Operations sent to the silos that have their shards.</summary>
    [Id(6)]
    public long Forwarded { get; init; }
}
