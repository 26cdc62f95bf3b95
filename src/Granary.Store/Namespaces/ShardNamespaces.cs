using Granary.Store.Entries;
using Granary.Store.Shards;

namespace Granary.Store.Namespaces;

// A key's namespace is in its hash and in the index's entry (KeyHash), so nothing is looked up to count.
//
// A drop is a mark for each namespace, as a flush is one for the shard: what has a lower cas is gone, is taken off the
// counters at once, and gives its memory back when it is found. A namespace has one mark, so none need be forgotten.

/// <summary>What a shard holds and counts of each namespace. Under the shard's lock, but for a glance at the entries.</summary>
internal sealed class ShardNamespaces(NamespaceQuotas quotas)
{
    private readonly NamespaceCounters[] _counters = new NamespaceCounters[quotas.Table.Count + 1];
    private readonly int[] _sampled = new int[quotas.Table.Count + 1];
    private ulong[]? _droppedBelow;
    private bool _isOpen;

    /// <summary>Whether a namespace was dropped since the shard was empty.</summary>
    public bool HasDrops => _droppedBelow is not null;

    /// <summary>Entries of a namespace. May be read without the lock.</summary>
    public long EntriesOf(int number) => Volatile.Read(ref _counters[number].Entries);

    /// <summary>The bucket of the index from where on entries of a namespace are sampled next.</summary>
    public ref int SampledOf(int number) => ref _sampled[number];

    public void CountHit(ulong hash) => _counters[KeyHash.NamespaceOf(hash)].Hits++;

    public void CountMiss(ulong hash) => _counters[KeyHash.NamespaceOf(hash)].Misses++;

    public void CountStore(ulong hash) => _counters[KeyHash.NamespaceOf(hash)].Stores++;

    public void CountEviction(ulong hash) => _counters[KeyHash.NamespaceOf(hash)].Evictions++;

    /// <summary>Counts what has come or, if negative, gone.</summary>
    public void Add(ulong hash, long entries, long bytes) => Add(KeyHash.NamespaceOf(hash), entries, bytes);

    /// <summary>Whether the quota lets a key's entry grow. That of a closed shard is its owner's to keep.</summary>
    public bool HasRoom(ulong hash, long bytes) => !_isOpen || quotas.HasRoom(KeyHash.NamespaceOf(hash), bytes);

    /// <summary>Its bytes count in the store's share of each quota while it is open.</summary>
    public void SetOpen(bool isOpen)
    {
        if (_isOpen == isOpen)
        {
            return;
        }

        _isOpen = isOpen;
        quotas.NoteShard(isOpen);
        for (int number = 1; number < _counters.Length; number++)
        {
            quotas.Add(number, isOpen ? _counters[number].Bytes : -_counters[number].Bytes);
        }
    }

    /// <summary>There are no entries any more.</summary>
    public void Empty()
    {
        for (int number = 1; number < _counters.Length; number++)
        {
            Add(number, -_counters[number].Entries, -_counters[number].Bytes);
        }
    }

    /// <summary>Forgets what was dropped: nothing is left of it.</summary>
    public void ForgetDrops() => _droppedBelow = null;

    /// <summary>Drops the entries of a namespace with a lower cas.</summary>
    /// <returns>What is gone.</returns>
    public NamespaceCounters Drop(int number, ulong belowCas)
    {
        _droppedBelow ??= new ulong[_counters.Length];
        _droppedBelow[number] = Math.Max(_droppedBelow[number], belowCas);
        NamespaceCounters gone = _counters[number];
        Add(number, -gone.Entries, -gone.Bytes);
        return gone;
    }

    /// <summary>Whether an entry's namespace was dropped when it had its cas already.</summary>
    public bool IsDropped(ReadOnlySpan<byte> key, ulong cas) =>
        _droppedBelow is { } below && cas < below[quotas.Table.Of(key)];

    /// <summary>Adds what this shard has to some statistics.</summary>
    public NamespaceStatistics AddTo(in NamespaceStatistics sum, int number)
    {
        NamespaceCounters own = _counters[number];
        return sum with
        {
            Entries = sum.Entries + (_isOpen ? own.Entries : 0),
            EntryBytes = sum.EntryBytes + (_isOpen ? own.Bytes : 0),
            Hits = sum.Hits + own.Hits,
            Misses = sum.Misses + own.Misses,
            Stores = sum.Stores + own.Stores,
            Evictions = sum.Evictions + own.Evictions,
        };
    }

    private void Add(int number, long entries, long bytes)
    {
        _counters[number].Entries += entries;
        _counters[number].Bytes += bytes;
        if (_isOpen)
        {
            quotas.Add(number, bytes);
        }
    }
}
