using System.Numerics;

namespace Granary.Store.HotKeys;

// Space-Saving (Metwally, Agrawal, El Abbadi: Efficient Computation of Frequent and Top-k Elements in Data Streams, 2005).
// So many keys have a counter. A key that has none takes over the one of least count, and that count as its error: it may
// have been used as often before. So of N uses and k counters:
//
// * a key's count is at least its true uses, and at most its error above them;
// * an error is at most the least count, which is at most N / k: a key that was used more often has a counter.
//
// What is told of a key leaves the error out: the uses that were seen while it had the counter, never too many. Among
// millions of keys that are used once each all counts are N / k, and none of those keys is hot.
//
// Who looks for the least count goes on where the last one was found. Counts only rise, so each counter is passed once
// while the least stays the same, and all are looked at once when it has changed. Rejected: the paper's list of buckets
// of equal counts, which finds it at once and has four links to keep for every key.

/// <summary>
/// The most frequent keys of a stream, in memory that is taken once: a key's greatest length for each counter. One thread.
/// </summary>
internal sealed class SpaceSaving
{
    private readonly UseCounter[] _counters;
    private readonly byte[] _keys;
    private readonly short[] _heads;
    private int _used;
    private int _least;
    private int _cursor;

    /// <param name="capacity">Counters, 1 to 32,767.</param>
    public SpaceSaving(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, short.MaxValue);
        _counters = new UseCounter[capacity];
        _keys = new byte[capacity * CacheStore.MaxKeyBytes];
        _heads = new short[BitOperations.RoundUpToPowerOf2((uint)capacity)];
        _heads.AsSpan().Fill(-1);
    }

    /// <summary>Uses so far, of all keys.</summary>
    public long Total { get; private set; }

    /// <summary>The counters of the keys that have one.</summary>
    public ReadOnlySpan<UseCounter> Counters => _counters.AsSpan(0, _used);

    /// <summary>The least count: a key's error is not greater, nor are the uses of one that has no counter.</summary>
    public int LeastCount
    {
        get
        {
            if (_used < _counters.Length)
            {
                return 0;
            }

            int least = int.MaxValue;
            foreach (ref readonly UseCounter counter in Counters)
            {
                least = Math.Min(least, counter.Count);
            }

            return least;
        }
    }

    /// <summary>The key of a counter.</summary>
    public ReadOnlySpan<byte> KeyOf(int index) =>
        _keys.AsSpan(index * CacheStore.MaxKeyBytes, _counters[index].KeyLength);

    /// <summary>The index of a key's counter.</summary>
    /// <returns>-1 if it has none.</returns>
    public int Find(ulong hash, ReadOnlySpan<byte> key)
    {
        int index = Head(hash);
        while (index >= 0 && (_counters[index].Hash != hash || !KeyOf(index).SequenceEqual(key)))
        {
            index = _counters[index].Next;
        }

        return index;
    }

    /// <summary>Counts a use.</summary>
    /// <param name="hash">The key's, the same each time.</param>
    /// <param name="key">The key.</param>
    /// <param name="shard">The key's shard.</param>
    /// <param name="isWrite">Whether it was written, or read.</param>
    public void Add(ulong hash, ReadOnlySpan<byte> key, ushort shard, bool isWrite)
    {
        Total++;
        int index = Find(hash, key);
        if (index < 0)
        {
            index = Assign(hash, key, shard);
        }

        ref UseCounter counter = ref _counters[index];
        if (isWrite)
        {
            counter.Writes++;
        }
        else
        {
            counter.Reads++;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _counters.AsSpan(0, _used).Clear();
        _heads.AsSpan().Fill(-1);
        _used = 0;
        _least = 0;
        _cursor = 0;
        Total = 0;
    }

    private ref short Head(ulong hash) => ref _heads[(int)hash & (_heads.Length - 1)];

    // Gives a key a counter that nobody has, or the one of least count.
    private int Assign(ulong hash, ReadOnlySpan<byte> key, ushort shard)
    {
        int index = _used < _counters.Length ? _used++ : TakeLeast();
        ref short head = ref Head(hash);
        _counters[index] = new UseCounter
        {
            Hash = hash,
            Error = _counters[index].Count,
            Shard = shard,
            KeyLength = (ushort)key.Length,
            Next = head,
        };
        head = (short)index;
        key.CopyTo(_keys.AsSpan(index * CacheStore.MaxKeyBytes, CacheStore.MaxKeyBytes));
        return index;
    }

    private int TakeLeast()
    {
        for (int looked = 0; _counters[_cursor].Count != _least; looked++)
        {
            _cursor = _cursor + 1 == _counters.Length ? 0 : _cursor + 1;
            if (looked == _counters.Length)
            {
                _least = LeastCount;
                looked = 0;
            }
        }

        Unlink(_cursor);
        return _cursor;
    }

    private void Unlink(int index)
    {
        ref short link = ref Head(_counters[index].Hash);
        while (link != index)
        {
            link = ref _counters[link].Next;
        }

        link = _counters[index].Next;
    }
}
