namespace Granary.Store.Eviction;

// Pairs of position and time, in order. Between two pairs the log is taken to have grown evenly; where it rested there are
// two of one position, of the rest's beginning and of its end. When there is no room for another, that pair goes whose
// neighbours are nearest to each other for their age: so the pairs lie densely where time is young, sparsely where it is
// old, and an age of seconds is as exact as one of weeks. Twice a second for a month they are 15 to a factor of e.
//
// Rejected: dropping every second pair and doubling the distance. That is as coarse near the log's end as at its
// beginning, and stays so when the log is written ten times as fast.

/// <summary>When the log was at which position. One thread.</summary>
internal sealed class LogTimes
{
    /// <summary>Most pairs that are kept.</summary>
    public const int Capacity = 256;

    // Positions are compared as differences of 32 bits.
    private const uint GreatestAge = 1 << 30;

    private readonly LogTime[] _pairs = new LogTime[Capacity];
    private int _count = 1;

    /// <param name="position">The log's position now.</param>
    /// <param name="now">UTC milliseconds since 1970.</param>
    public LogTimes(uint position, long now) => _pairs[0] = new LogTime(position, now);

    /// <summary>Notes where the log is.</summary>
    /// <param name="position">Not before the last one.</param>
    /// <param name="now">UTC milliseconds since 1970; not before the last one.</param>
    public void Note(uint position, long now)
    {
        if (_count > 1 && _pairs[_count - 1].Position == position && _pairs[_count - 2].Position == position)
        {
            _pairs[_count - 1] = new LogTime(position, now);
            return;
        }

        while (_count > 1 && position - _pairs[1].Position > GreatestAge)
        {
            RemoveAt(0);
        }

        if (_count == Capacity)
        {
            RemoveAt(LeastMissed(now));
        }

        _pairs[_count++] = new LogTime(position, now);
    }

    /// <summary>When the log left a position, or about when.</summary>
    /// <returns>
    /// UTC milliseconds since 1970. When it was noted first, of a position before that; when last, of one after that.
    /// </returns>
    public long TimeOf(uint position)
    {
        int next = 0;
        while (next < _count && (int)(_pairs[next].Position - position) <= 0)
        {
            next++;
        }

        LogTime before = _pairs[Math.Max(next - 1, 0)];
        if (next == 0 || next == _count)
        {
            return before.UnixMilliseconds;
        }

        LogTime after = _pairs[next];
        double share = (double)(position - before.Position) / (after.Position - before.Position);
        return before.UnixMilliseconds + (long)(share * (after.UnixMilliseconds - before.UnixMilliseconds));
    }

    private int LeastMissed(long now)
    {
        int least = 1;
        double leastGap = double.MaxValue;
        for (int index = 1; index < _count - 1; index++)
        {
            long before = _pairs[index - 1].UnixMilliseconds;
            double gap = (double)(_pairs[index + 1].UnixMilliseconds - before) / (now - before + 1);
            if (gap < leastGap)
            {
                leastGap = gap;
                least = index;
            }
        }

        return least;
    }

    private void RemoveAt(int index)
    {
        _pairs.AsSpan(index + 1, _count - index - 1).CopyTo(_pairs.AsSpan(index));
        _count--;
    }
}
