using Granary.Store.Entries;

namespace Granary.Store.Shards;

/// <summary>What a shard counts. Under the shard's lock.</summary>
internal struct ShardCounters
{
    public long Entries;
    public long EntryBytes;
    public long Hits;
    public long Misses;
    public long Stores;
    public long Deletions;
    public long Evictions;
    public long Expirations;

    /// <summary>An entry was found to be gone: by time, or by what a client did.</summary>
    public void CountGone(bool isExpired)
    {
        Expirations += isExpired ? 1 : 0;
        Deletions += isExpired ? 0 : 1;
    }

    public readonly StoreStatistics ToStatistics(bool isOpen) => new()
    {
        Entries = isOpen ? Entries : 0,
        EntryBytes = isOpen ? EntryBytes : 0,
        ClosedEntries = isOpen ? 0 : Entries,
        ClosedEntryBytes = isOpen ? 0 : EntryBytes,
        Hits = Hits,
        Misses = Misses,
        Stores = Stores,
        Deletions = Deletions,
        Evictions = Evictions,
        Expirations = Expirations,
    };
}
