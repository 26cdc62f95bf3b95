namespace Granary.Streams.Inbox;

/// <summary>Where a stream's parked messages are, the oldest first. One thread.</summary>
internal sealed class ParkedOffsets
{
    private readonly List<(long Offset, long EnqueuedAt)> _all = [];
    private int _first; // what is before has been taken

    public int Count => _all.Count - _first;

    /// <summary>When the oldest was sent. Unix milliseconds.</summary>
    public long OldestAt => _all[_first].EnqueuedAt;

    public bool Contains(long offset) => Find(offset) >= 0;

    /// <returns>False if it was there.</returns>
    public bool TryAdd(long offset, long enqueuedAt)
    {
        int index = Find(offset);
        if (index < 0)
        {
            _all.Insert(~index, (offset, enqueuedAt)); // nearly always the last
        }

        return index < 0;
    }

    /// <summary>The first ones.</summary>
    /// <param name="max">At most so many.</param>
    /// <param name="before">Only those sent before. Unix milliseconds.</param>
    public long[] Peek(int max, long before = long.MaxValue) =>
    [
        .. _all.Skip(_first).Take(max).TakeWhile(one => one.EnqueuedAt < before).Select(one => one.Offset),
    ];

    public bool Remove(long offset)
    {
        int index = Find(offset);
        if (index < 0)
        {
            return false;
        }

        if (index == _first)
        {
            _first++;
            Shrink();
        }
        else
        {
            _all.RemoveAt(index);
        }

        return true;
    }

    private void Shrink()
    {
        if (_first > 64 && _first > _all.Count / 2)
        {
            _all.RemoveRange(0, _first);
            _first = 0;
        }
    }

    private int Find(long offset)
    {
        int low = _first;
        int high = _all.Count - 1;
        while (low <= high)
        {
            int middle = low + ((high - low) / 2);
            long found = _all[middle].Offset;
            if (found == offset)
            {
                return middle;
            }

            (low, high) = found < offset ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
