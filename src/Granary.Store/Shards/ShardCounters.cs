using Granary.Store.Entries;
using Granary.Store.Namespaces;

namespace Granary.Store.Shards;

/// <summary>What a shard counts, as a whole and of each namespace. Under the shard's lock.</summary>
/// <param name="namespaces"><see langword="null"/> if the store has none.</param>
internal struct ShardCounters(ShardNamespaces? namespaces)
{
    private long _entries;
    private long _entryBytes;
    private long _hits;
    private long _misses;
    private long _stores;
    private long _deletions;
    private long _evictions;
    private long _expirations;
    private long _foundExpired;
    private long _foundFlushed;

    public void CountHit(ulong hash)
    {
        _hits++;
        namespaces?.CountHit(hash);
    }

    public void CountMiss(ulong hash)
    {
        _misses++;
        namespaces?.CountMiss(hash);
    }

    public void CountStore(ulong hash)
    {
        _stores++;
        namespaces?.CountStore(hash);
    }

    public void CountEviction(ulong hash)
    {
        _evictions++;
        namespaces?.CountEviction(hash);
    }

    public void CountDeletion() => _deletions++;

    /// <summary>An entry was found to be gone: by time, or by what a client did.</summary>
    public void CountGone(bool isExpired)
    {
        _expirations += isExpired ? 1 : 0;
        _deletions += isExpired ? 0 : 1;
    }

    /// <summary>An operation has found its key's entry to be gone.</summary>
    /// <param name="isFlushed">By a flush.</param>
    /// <param name="isExpired">By time; a flush is told of first, as in memcached.</param>
    /// <param name="isCopy">Whether it is a copy's: then it was no client who looked.</param>
    public void CountFoundGone(bool isFlushed, bool isExpired, bool isCopy)
    {
        _foundFlushed += isFlushed && !isCopy ? 1 : 0;
        _foundExpired += isExpired && !isFlushed && !isCopy ? 1 : 0;
    }

    /// <summary>Entries have come or, if negative, gone, or one takes more or less.</summary>
    /// <param name="hash">The key's, or the index's entry.</param>
    /// <param name="entries">How many more there are.</param>
    /// <param name="bytes">How many more they take.</param>
    public void Add(ulong hash, int entries, long bytes)
    {
        _entries += entries;
        _entryBytes += bytes;
        namespaces?.Add(hash, entries, bytes);
    }

    /// <summary>There are no entries any more.</summary>
    public void Empty()
    {
        _entries = 0;
        _entryBytes = 0;
        namespaces?.Empty();
    }

    /// <summary>Entries of a namespace are gone.</summary>
    public void Subtract(in NamespaceCounters gone)
    {
        _entries -= gone.Entries;
        _entryBytes -= gone.Bytes;
    }

    public readonly StoreStatistics ToStatistics(bool isOpen) => new()
    {
        Entries = isOpen ? _entries : 0,
        EntryBytes = isOpen ? _entryBytes : 0,
        ClosedEntries = isOpen ? 0 : _entries,
        ClosedEntryBytes = isOpen ? 0 : _entryBytes,
        Hits = _hits,
        Misses = _misses,
        Stores = _stores,
        Deletions = _deletions,
        Evictions = _evictions,
        Expirations = _expirations,
        FoundExpired = _foundExpired,
        FoundFlushed = _foundFlushed,
    };
}
