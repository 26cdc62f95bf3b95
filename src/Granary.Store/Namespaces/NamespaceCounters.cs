namespace Granary.Store.Namespaces;

/// <summary>What a shard counts of a namespace.</summary>
internal struct NamespaceCounters
{
    public long Entries;
    public long Bytes;
    public long Hits;
    public long Misses;
    public long Stores;
    public long Evictions;
}
