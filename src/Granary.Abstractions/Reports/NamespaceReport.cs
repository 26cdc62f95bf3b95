namespace Granary.Reports;

/// <summary>What a silo has of a namespace. Counters are since it started; the rest is as it is now.</summary>
[GenerateSerializer, Immutable, Alias("granary.NamespaceReport")]
public sealed record NamespaceReport
{
    /// <summary>Its name.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>What it may take in the cluster. Bytes; 0 for no bound.</summary>
    [Id(1)]
    public required long QuotaBytes { get; init; }

    /// <summary>The part of that for the shards that the silo serves. Bytes.</summary>
    [Id(2)]
    public required long ShareBytes { get; init; }

    /// <summary>Entries in those shards.</summary>
    [Id(3)]
    public required long Entries { get; init; }

    /// <summary>Keys, values and headers of those. Bytes.</summary>
    [Id(4)]
    public required long EntryBytes { get; init; }

    /// <summary>Reads that found their key.</summary>
    [Id(5)]
    public required long Hits { get; init; }

    /// <summary>Reads that did not.</summary>
    [Id(6)]
    public required long Misses { get; init; }

    /// <summary>Stores that succeeded.</summary>
    [Id(7)]
    public required long Stores { get; init; }

    /// <summary>Entries dropped because there was no room, in the namespace or in the silo.</summary>
    [Id(8)]
    public required long Evictions { get; init; }

    /// <summary>What its keys begin with; silos of before do not tell it.</summary>
    [Id(9)]
    public byte[] Prefix { get; init; } = [];
}
