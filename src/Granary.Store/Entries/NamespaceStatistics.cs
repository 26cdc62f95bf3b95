namespace Granary.Store.Entries;

/// <summary>What a store has of a namespace. Counters are since it was made.</summary>
public readonly record struct NamespaceStatistics
{
    /// <summary>Its name.</summary>
    public string Name { get; init; }

    /// <summary>What its keys begin with.</summary>
    public ReadOnlyMemory<byte> Prefix { get; init; }

    /// <summary>What it may take in all shards of the cluster. Bytes; 0 for no bound.</summary>
    public long QuotaBytes { get; init; }

    /// <summary>Level: the part of that for the shards that are open here. Bytes.</summary>
    public long ShareBytes { get; init; }

    /// <summary>Level: entries in open shards. Expired ones count until they are found.</summary>
    public long Entries { get; init; }

    /// <summary>Level: records of those entries, headers included. Bytes.</summary>
    public long EntryBytes { get; init; }

    /// <summary>Reads that found their key.</summary>
    public long Hits { get; init; }

    /// <summary>Reads that did not.</summary>
    public long Misses { get; init; }

    /// <summary>Stores that succeeded.</summary>
    public long Stores { get; init; }

    /// <summary>Entries dropped because there was no room: in the namespace, or in the store.</summary>
    public long Evictions { get; init; }
}
