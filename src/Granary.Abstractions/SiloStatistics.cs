namespace Granary;

/// <summary>Counters of one silo's cache since it started, but for those that are levels.</summary>
[GenerateSerializer, Immutable, Alias("granary.SiloStatistics")]
public sealed record SiloStatistics
{
    /// <summary>The silo's name.</summary>
    [Id(0)]
    public required string SiloName { get; init; }

    /// <summary>Level: shards that the silo serves.</summary>
    [Id(1)]
    public required int Shards { get; init; }

    /// <summary>Level: entries that can be read.</summary>
    [Id(2)]
    public required long Entries { get; init; }

    /// <summary>Level: keys, values and record headers of those entries. Bytes.</summary>
    [Id(3)]
    public required long EntryBytes { get; init; }

    /// <summary>Level: memory taken from the budget, index included. Bytes.</summary>
    [Id(4)]
    public required long UsedBytes { get; init; }

    /// <summary>The silo's memory budget. Bytes.</summary>
    [Id(5)]
    public required long BudgetBytes { get; init; }

    /// <summary>Reads that found their key.</summary>
    [Id(6)]
    public required long Hits { get; init; }

    /// <summary>Reads that did not.</summary>
    [Id(7)]
    public required long Misses { get; init; }

    /// <summary>Stores that succeeded.</summary>
    [Id(8)]
    public required long Stores { get; init; }

    /// <summary>Entries dropped because there was no room.</summary>
    [Id(9)]
    public required long Evictions { get; init; }

    /// <summary>Entries dropped because their time had passed.</summary>
    [Id(10)]
    public required long Expirations { get; init; }
}
