namespace Granary.Tests.Shared;

/// <summary>
/// What S3-FIFO would hit whose queues move entry by entry, of a capacity in bytes: the yardstick of the hit-ratio tests.
/// Holds no values, only what each entry is charged. One thread.
/// </summary>
/// <remarks>
/// Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023: a tenth for the small queue, the main one with
/// reinsertion by uses of up to three, a ghost queue as large as the main one, and promotion at two uses.
/// </remarks>
internal sealed class ExactS3Fifo
{
    private const int SmallShare = 10;
    private const int UsesForMain = 2;
    private const int MaxUses = 3;

    private readonly long _capacityBytes;
    private readonly int _entryOverheadBytes;
    private readonly Dictionary<long, Entry> _entries = [];
    private readonly Queue<Entry> _small = new();
    private readonly Queue<Entry> _main = new();
    private readonly Dictionary<long, Entry> _ghosts = [];
    private readonly Queue<Entry> _ghostOrder = new();
    private long _smallBytes;
    private long _ghostBytes;

    /// <param name="capacityBytes">All entries together, their overhead included.</param>
    /// <param name="entryOverheadBytes">Added to the length of every entry; 0 to count in units of the caller.</param>
    public ExactS3Fifo(long capacityBytes, int entryOverheadBytes = ExactLru.DefaultEntryOverheadBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacityBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(entryOverheadBytes);
        _capacityBytes = capacityBytes;
        _entryOverheadBytes = entryOverheadBytes;
    }

    public long Hits { get; private set; }

    public long Misses { get; private set; }

    public int Count => _entries.Count;

    public long UsedBytes { get; private set; }

    /// <summary>Hits in percent of all requests; 0 before the first.</summary>
    public double HitPercent => Hits + Misses == 0 ? 0 : 100.0 * Hits / (Hits + Misses);

    /// <summary>One read-through request: a get and, on a miss, a set.</summary>
    /// <param name="key">Any number.</param>
    /// <param name="lengthBytes">Key and value together; only looked at on a miss.</param>
    /// <returns><see langword="true"/> on a hit.</returns>
    public bool Request(long key, int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        if (_entries.TryGetValue(key, out Entry? entry))
        {
            Hits++;
            entry.Uses = Math.Min(entry.Uses + 1, MaxUses);
            return true;
        }

        Misses++;
        Add(new Entry(key, (long)lengthBytes + _entryOverheadBytes));
        return false;
    }

    private void Add(Entry entry)
    {
        if (entry.Charge > _capacityBytes)
        {
            return;
        }

        bool isGhost = _ghosts.Remove(entry.Key, out Entry? ghost);
        _ghostBytes -= ghost?.Charge ?? 0;
        while (UsedBytes + entry.Charge > _capacityBytes)
        {
            if (_smallBytes >= Math.Max(_capacityBytes / SmallShare, 1) || _main.Count == 0)
            {
                EvictFromSmall();
            }
            else
            {
                EvictFromMain();
            }
        }

        _entries.Add(entry.Key, entry);
        UsedBytes += entry.Charge;
        (isGhost ? _main : _small).Enqueue(entry);
        _smallBytes += isGhost ? 0 : entry.Charge;
    }

    private void EvictFromSmall()
    {
        while (_small.TryDequeue(out Entry? entry))
        {
            _smallBytes -= entry.Charge;
            if (entry.Uses < UsesForMain)
            {
                Remove(entry);
                Remember(entry);
                return;
            }

            entry.Uses = 0;
            _main.Enqueue(entry);
        }
    }

    private void EvictFromMain()
    {
        while (_main.TryDequeue(out Entry? entry))
        {
            if (entry.Uses == 0)
            {
                Remove(entry);
                return;
            }

            entry.Uses--;
            _main.Enqueue(entry);
        }
    }

    private void Remove(Entry entry)
    {
        _entries.Remove(entry.Key);
        UsedBytes -= entry.Charge;
    }

    // What has come back meanwhile is in the order still, but is no ghost any more, or is another one.
    private void Remember(Entry entry)
    {
        _ghosts.Add(entry.Key, entry);
        _ghostOrder.Enqueue(entry);
        _ghostBytes += entry.Charge;
        while (_ghostBytes > _capacityBytes - (_capacityBytes / SmallShare))
        {
            Entry oldest = _ghostOrder.Dequeue();
            if (_ghosts.TryGetValue(oldest.Key, out Entry? ghost) && ghost == oldest)
            {
                _ghosts.Remove(oldest.Key);
                _ghostBytes -= oldest.Charge;
            }
        }
    }

    private sealed class Entry(long key, long charge)
    {
        public long Key => key;

        public long Charge => charge;

        public int Uses { get; set; }
    }
}
