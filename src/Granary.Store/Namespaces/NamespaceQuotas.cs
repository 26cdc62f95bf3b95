using Granary.Store.Entries;

namespace Granary.Store.Namespaces;

// A quota is the cluster's. Keys are spread over the shards by their hash, so a silo that has a third of the shards open
// may hold a third of it: no silo asks another, and shards bring their part along wherever they move. What is in closed
// shards, replicas among them, is in their owner's part.
//
// Writers look before they add, without a lock: together they may pass the bound by the record that each has in hand.

/// <summary>What a store's open shards hold of each namespace, and what they may. Thread-safe.</summary>
internal sealed class NamespaceQuotas(NamespaceTable table, int shardCount)
{
    // Longs of a cache line: writers of different namespaces do not share one.
    private const int Stride = 8;

    private readonly long[] _quotas =
        [0, .. Enumerable.Range(1, table.Count).Select(number => table[number].QuotaBytes)];

    private readonly long[] _bytes = new long[(table.Count + 1) * Stride];
    private readonly long[] _wanted = new long[table.Count + 1];
    private int _openShards;
    private volatile bool _isRoomWanted;

    public NamespaceTable Table => table;

    /// <summary>Whether a writer has found no room in some namespace.</summary>
    public bool IsRoomWanted => _isRoomWanted;

    /// <summary>What the open shards may hold. Bytes; 0 for a namespace without a quota as well.</summary>
    public long ShareOf(int number) => _quotas[number] * Volatile.Read(ref _openShards) / shardCount;

    /// <summary>Counts bytes of an open shard.</summary>
    public void Add(int number, long bytes)
    {
        if (_quotas[number] != 0)
        {
            Interlocked.Add(ref _bytes[number * Stride], bytes);
        }
    }

    public void NoteShard(bool isOpen) => Interlocked.Add(ref _openShards, isOpen ? 1 : -1);

    /// <summary>Whether some bytes more are too much.</summary>
    public bool IsOver(int number, long bytes) =>
        _quotas[number] != 0 && Volatile.Read(ref _bytes[number * Stride]) + bytes > ShareOf(number);

    /// <summary>Whether there is room for some bytes more. If not, it is made by whoever makes room next.</summary>
    public bool HasRoom(int number, long bytes)
    {
        if (bytes <= 0 || !IsOver(number, bytes))
        {
            return true;
        }

        if (bytes <= ShareOf(number)) // else nothing need be evicted for it
        {
            Volatile.Write(ref _wanted[number], Math.Max(Volatile.Read(ref _wanted[number]), bytes));
            _isRoomWanted = true;
        }

        return false;
    }

    /// <summary>Begins to make room.</summary>
    public void BeginRoom() => _isRoomWanted = false;

    /// <summary>The most bytes that somebody wants in a namespace; 0 if nobody does.</summary>
    public long TakeWanted(int number) => Interlocked.Exchange(ref _wanted[number], 0);

    /// <summary>A namespace that has nothing yet, with its quota and share.</summary>
    public NamespaceStatistics Describe(int number) => new()
    {
        Name = table[number].Name,
        Prefix = table[number].Prefix,
        QuotaBytes = _quotas[number],
        ShareBytes = ShareOf(number),
    };
}
