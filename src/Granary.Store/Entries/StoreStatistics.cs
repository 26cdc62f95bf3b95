namespace Granary.Store.Entries;

/// <summary>Counters of a store, or of one of its shards, since it was made.</summary>
public readonly record struct StoreStatistics
{
    /// <summary>Level: entries in open shards that can be read. Expired ones count until they are found.</summary>
    public long Entries { get; init; }

    /// <summary>Level: records of those entries, headers included. Bytes.</summary>
    public long EntryBytes { get; init; }

    /// <summary>Level: entries in shards that are not open: copies of other stores' shards, and what was open once.</summary>
    public long ClosedEntries { get; init; }

    /// <summary>Level: records of those entries, headers included. Bytes.</summary>
    public long ClosedEntryBytes { get; init; }

    /// <summary>Reads that found their key.</summary>
    public long Hits { get; init; }

    /// <summary>Reads that did not.</summary>
    public long Misses { get; init; }

    /// <summary>Stores that succeeded.</summary>
    public long Stores { get; init; }

    /// <summary>Entries that clients have deleted.</summary>
    public long Deletions { get; init; }

    /// <summary>Entries dropped because there was no room.</summary>
    public long Evictions { get; init; }

    /// <summary>Entries dropped because their time had passed.</summary>
    public long Expirations { get; init; }

    /// <summary>Of those, the ones that an operation on their key found, and not the sweep.</summary>
    public long FoundExpired { get; init; }

    /// <summary>Flushed entries that an operation on their key found before their memory was given back.</summary>
    public long FoundFlushed { get; init; }

    /// <summary>Level: memory taken from the budget, index included. Bytes. Of the store only.</summary>
    public long UsedBytes { get; init; }

    /// <summary>The budget. Bytes. Of the store only.</summary>
    public long BudgetBytes { get; init; }

    /// <summary>Adds two shards' counters.</summary>
    public static StoreStatistics operator +(StoreStatistics left, StoreStatistics right) => left.Add(right);

    /// <summary>Adds two shards' counters.</summary>
    public StoreStatistics Add(StoreStatistics other) => new()
    {
        Entries = Entries + other.Entries,
        EntryBytes = EntryBytes + other.EntryBytes,
        ClosedEntries = ClosedEntries + other.ClosedEntries,
        ClosedEntryBytes = ClosedEntryBytes + other.ClosedEntryBytes,
        Hits = Hits + other.Hits,
        Misses = Misses + other.Misses,
        Stores = Stores + other.Stores,
        Deletions = Deletions + other.Deletions,
        Evictions = Evictions + other.Evictions,
        Expirations = Expirations + other.Expirations,
        FoundExpired = FoundExpired + other.FoundExpired,
        FoundFlushed = FoundFlushed + other.FoundFlushed,
        UsedBytes = UsedBytes + other.UsedBytes,
        BudgetBytes = BudgetBytes + other.BudgetBytes,
    };
}
