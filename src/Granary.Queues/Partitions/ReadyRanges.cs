namespace Granary.Queues.Partitions;

/// <summary>
/// The waiting messages of a partition that need no entry of their own, in order of offset. A backlog of a million is a
/// range for each second in which it came, 32 bytes each. Taken from the front, added at the back, and rarely from the
/// middle, which costs a move of what is behind.
/// </summary>
internal sealed class ReadyRanges
{
    private readonly List<ReadyRange> _ranges = [];
    private int _head; // what is before is taken, and removed in one go now and then

    public long Count { get; private set; }

    public bool IsEmpty => Count == 0;

    public ReadyRange Head => _ranges[_head];

    public IEnumerable<ReadyRange> All()
    {
        for (int index = _head; index < _ranges.Count; index++)
        {
            yield return _ranges[index];
        }
    }

    public void Append(ReadyRange range)
    {
        Count += range.Count;
        if (_ranges.Count > _head && range.Continues(_ranges[^1]))
        {
            _ranges[^1] = _ranges[^1] with { Count = _ranges[^1].Count + range.Count };
            return;
        }

        _ranges.Add(range);
    }

    /// <summary>Takes the first message: a range of one.</summary>
    public ReadyRange TakeFirst()
    {
        ReadyRange head = Head;
        Count--;
        if (head.Count > 1)
        {
            _ranges[_head] = head with { First = head.First + 1, Count = head.Count - 1 };
        }
        else if (++_head > 1024 && _head * 2 > _ranges.Count)
        {
            _ranges.RemoveRange(0, _head);
            _head = 0;
        }

        return head with { Count = 1 };
    }

    /// <summary>Takes one message out of wherever it is.</summary>
    public bool TryTake(long offset, out ReadyRange taken)
    {
        int index = IndexOf(offset);
        if (index < 0)
        {
            taken = default;
            return false;
        }

        ReadyRange range = _ranges[index];
        taken = range with { First = offset, Count = 1 };
        Count--;
        ReadyRange before = range with { Count = offset - range.First };
        ReadyRange after = range with { First = offset + 1, Count = range.End - offset - 1 };
        if (before.Count > 0 && after.Count > 0)
        {
            _ranges[index] = before;
            _ranges.Insert(index + 1, after);
        }
        else if (before.Count > 0 || after.Count > 0)
        {
            _ranges[index] = before.Count > 0 ? before : after;
        }
        else
        {
            _ranges.RemoveAt(index);
        }

        return true;
    }

    public void Clear()
    {
        _ranges.Clear();
        _head = 0;
        Count = 0;
    }

    public bool Contains(long offset) => IndexOf(offset) >= 0;

    private int IndexOf(long offset)
    {
        int low = _head;
        int high = _ranges.Count - 1;
        while (low <= high)
        {
            int middle = low + ((high - low) / 2);
            ReadyRange range = _ranges[middle];
            if (offset < range.First)
            {
                high = middle - 1;
            }
            else if (offset >= range.End)
            {
                low = middle + 1;
            }
            else
            {
                return middle;
            }
        }

        return -1;
    }
}
