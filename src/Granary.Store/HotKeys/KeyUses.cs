using Granary.Store.Entries;

namespace Granary.Store.HotKeys;

// Two windows of 10 s: what is told is the sum of the one that runs and of the last one, so it is of 10 to 20 s, and what
// was hot before is forgotten. They change when somebody comes after their time; while nobody does, nothing was used.
//
// An operation that is sampled pays a look at the clock, this lock, and a look-up among 256 keys; one in 64 is. The keys
// lie on the managed heap, half a megabyte that never changes its size: they are no entries, and the budget is not theirs.

/// <summary>
/// Counts how often keys are used. Thread-safe; its lock is an innermost one, held for a look-up among 256 keys, by
/// <see cref="Report"/> for one per key and a sort.
/// </summary>
internal sealed class KeyUses
{
    /// <summary>Keys that have a counter. In each window.</summary>
    public const int Capacity = 256;

    // Of n operations that were met the error is about the square root of n: fewer than these would tell chance.
    private const int LeastSampled = 8;

    private const long WindowMilliseconds = 10_000;
    private const long ShortestMilliseconds = 1_000;

    private readonly Lock _lock = new();
    private readonly StoreClock _clock;
    private readonly int _period;
    private readonly int _leastUses;
    private readonly long _madeAt;
    private SpaceSaving _current = new(Capacity);
    private SpaceSaving _last = new(Capacity);
    private long _currentFrom;

    /// <param name="clock">The store's.</param>
    /// <param name="period">How many operations each sampled one stands for.</param>
    public KeyUses(StoreClock clock, int period)
    {
        _clock = clock;
        _period = period;
        _leastUses = period == 1 ? 1 : LeastSampled;
        _madeAt = clock.UnixMilliseconds;
        _currentFrom = _madeAt;
    }

    /// <summary>Counts a sampled operation.</summary>
    public void Add(ulong hash, ReadOnlySpan<byte> key, ushort shard, bool isWrite)
    {
        lock (_lock)
        {
            Rotate_NeedsLock(_clock.UnixMilliseconds);
            _current.Add(hash, key, shard, isWrite);
        }
    }

    /// <summary>The keys used most: those of which enough was met.</summary>
    /// <param name="max">How many at most.</param>
    public HotKeyReport Report(int max)
    {
        Span<RankedKey> ranked = new RankedKey[2 * Capacity];
        lock (_lock)
        {
            long now = _clock.UnixMilliseconds;
            Rotate_NeedsLock(now);
            long from = Math.Max(_madeAt, _currentFrom - WindowMilliseconds);
            var window = TimeSpan.FromMilliseconds(Math.Max(now - from, ShortestMilliseconds));
            double perSecond = _period / window.TotalSeconds;

            ranked = ranked[..Rank_NeedsLock(ranked)];
            ranked.Sort(static (left, right) => right.Uses.CompareTo(left.Uses));
            int told = 0;
            while (told < Math.Min(max, ranked.Length) && ranked[told].Uses >= _leastUses)
            {
                told++;
            }

            var keys = new HotKey[told];
            for (int place = 0; place < keys.Length; place++)
            {
                RankedKey key = ranked[place];
                keys[place] = new HotKey(
                    key.Window.KeyOf(key.Index).ToArray(),
                    key.Window.Counters[key.Index].Shard,
                    key.Reads * perSecond,
                    key.Writes * perSecond);
            }

            return new HotKeyReport(
                window,
                (_current.Total + _last.Total) * perSecond,
                (_current.LeastCount + _last.LeastCount) * perSecond,
                keys);
        }
    }

    private int Rank_NeedsLock(Span<RankedKey> ranked)
    {
        int count = 0;
        for (int index = 0; index < _current.Counters.Length; index++)
        {
            UseCounter counter = _current.Counters[index];
            int before = _last.Find(counter.Hash, _current.KeyOf(index));
            UseCounter old = before < 0 ? default : _last.Counters[before];
            ranked[count++] = new RankedKey(_current, index, counter.Reads + old.Reads, counter.Writes + old.Writes);
        }

        for (int index = 0; index < _last.Counters.Length; index++)
        {
            UseCounter counter = _last.Counters[index];
            if (_current.Find(counter.Hash, _last.KeyOf(index)) < 0)
            {
                ranked[count++] = new RankedKey(_last, index, counter.Reads, counter.Writes);
            }
        }

        return count;
    }

    private void Rotate_NeedsLock(long now)
    {
        long elapsed = now - _currentFrom;
        if (elapsed < WindowMilliseconds)
        {
            return;
        }

        (_current, _last) = (_last, _current);
        _current.Clear();
        if (elapsed >= 2 * WindowMilliseconds)
        {
            _last.Clear(); // what was in it is older than the last window, in which nothing was used
        }

        _currentFrom += elapsed - (elapsed % WindowMilliseconds);
    }
}
