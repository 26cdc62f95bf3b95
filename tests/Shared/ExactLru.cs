namespace Granary.Tests.Shared;

/// <summary>
/// What an exact least-recently-used cache of a capacity in bytes would hit: the yardstick of the hit-ratio tests.
/// Holds no values, only what each entry is charged. One thread.
/// </summary>
/// <remarks>
/// A doubly linked list over arrays: slot 0 is its head, so <c>_older[0]</c> is the entry used last and
/// <c>_newer[0]</c> the next victim. Free slots are chained through <c>_older</c>.
/// </remarks>
internal sealed class ExactLru
{
    /// <summary>What an entry costs besides its key and value: header, index entry and slack. Bytes.</summary>
    public const int DefaultEntryOverheadBytes = 48;

    private const int Head = 0;

    private readonly long _capacityBytes;
    private readonly int _entryOverheadBytes;
    private readonly Dictionary<long, int> _slots = [];
    private long[] _keys = new long[1024];
    private long[] _charges = new long[1024];
    private int[] _newer = new int[1024];
    private int[] _older = new int[1024];
    private int _usedSlots = 1;
    private int _firstFree;

    /// <param name="capacityBytes">All entries together, their overhead included.</param>
    /// <param name="entryOverheadBytes">Added to the length of every entry; 0 to count in units of the caller.</param>
    public ExactLru(long capacityBytes, int entryOverheadBytes = DefaultEntryOverheadBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacityBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(entryOverheadBytes);
        _capacityBytes = capacityBytes;
        _entryOverheadBytes = entryOverheadBytes;
    }

    public long Hits { get; private set; }

    public long Misses { get; private set; }

    public int Count => _slots.Count;

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
        if (_slots.TryGetValue(key, out int slot))
        {
            Hits++;
            Unlink(slot);
            LinkNewest(slot);
            return true;
        }

        Misses++;
        Add(key, (long)lengthBytes + _entryOverheadBytes);
        return false;
    }

    private void Add(long key, long charge)
    {
        if (charge > _capacityBytes)
        {
            return;
        }

        while (UsedBytes + charge > _capacityBytes)
        {
            EvictOldest();
        }

        int slot = TakeSlot();
        _keys[slot] = key;
        _charges[slot] = charge;
        _slots.Add(key, slot);
        UsedBytes += charge;
        LinkNewest(slot);
    }

    private void EvictOldest()
    {
        int slot = _newer[Head];
        Unlink(slot);
        _slots.Remove(_keys[slot]);
        UsedBytes -= _charges[slot];
        _older[slot] = _firstFree;
        _firstFree = slot;
    }

    private int TakeSlot()
    {
        if (_firstFree != Head)
        {
            int free = _firstFree;
            _firstFree = _older[free];
            return free;
        }

        if (_usedSlots == _keys.Length)
        {
            int length = 2 * _usedSlots;
            Array.Resize(ref _keys, length);
            Array.Resize(ref _charges, length);
            Array.Resize(ref _newer, length);
            Array.Resize(ref _older, length);
        }

        return _usedSlots++;
    }

    private void LinkNewest(int slot)
    {
        int second = _older[Head];
        _newer[slot] = Head;
        _older[slot] = second;
        _newer[second] = slot;
        _older[Head] = slot;
    }

    private void Unlink(int slot)
    {
        _older[_newer[slot]] = _older[slot];
        _newer[_older[slot]] = _newer[slot];
    }
}
