using Granary.Store.Entries;
using Granary.Store.Memory;

namespace Granary.Store.Eviction;

// A record knows the log's position at its last use, which says roughly when that was (LogTimes), and 12 bits of the
// second, which say exactly when within 68 minutes. A log that nobody writes to stays at a position for as long as it
// likes; so it is moved on by one now and then, and a position is never of more than a part of those 68 minutes.
//
// Rejected: the second in 32 bits, which no record has room for; and a position per second, which made everything that
// was used before a quiet night of one age for the evictor.

/// <summary>When entries were used last, in seconds. Thread-safe; its lock is an innermost one.</summary>
internal sealed class LastUses
{
    private const int StampShift = 4; // the marks are below
    private const long StampPeriodSeconds = 4096;
    private const long LongestRestMilliseconds = 1024 * 1000;

    private readonly Lock _lock = new();
    private readonly StoreClock _clock;
    private readonly SegmentPool _pool;
    private readonly LogTimes _times;
    private uint _position;
    private long _restsSince;

    public LastUses(StoreClock clock, SegmentPool pool)
    {
        _clock = clock;
        _pool = pool;
        _position = pool.Position;
        _restsSince = clock.UnixMilliseconds;
        _times = new LogTimes(_position, _restsSince);
        _pool.UseStamp = StampOf(_restsSince);
    }

    /// <summary>Notes the time and where the log is: no more exact than how often it is called.</summary>
    /// <returns>Now. UTC milliseconds since 1970.</returns>
    public long Note()
    {
        lock (_lock)
        {
            return Note_NeedsLock();
        }
    }

    /// <summary>When the log left a position, or about when. UTC milliseconds since 1970.</summary>
    public long TimeOf(uint position)
    {
        lock (_lock)
        {
            return _times.TimeOf(position);
        }
    }

    /// <summary>The stamp of a use that a copy of an entry has had elsewhere.</summary>
    public ushort StampAt(uint position) => StampOf(TimeOf(position));

    /// <summary>How long ago an entry was used last: exact for some hours, then to some percent. Seconds.</summary>
    /// <param name="position">The log's then.</param>
    /// <param name="stamp">The second then.</param>
    public long SecondsSince(uint position, ushort stamp)
    {
        lock (_lock)
        {
            long now = Note_NeedsLock();
            long least = Math.Max(now - _times.TimeOf(position), 0) / 1000;
            long within = ((now / 1000) - (stamp >> StampShift)) & (StampPeriodSeconds - 1);

            // The log may have been at the position for so long before it left: the middle of that is the best guess.
            long guess = least + (LongestRestMilliseconds / 2000);
            long periods = (guess - within + (StampPeriodSeconds / 2)) / StampPeriodSeconds;
            return within + (Math.Max(periods, 0) * StampPeriodSeconds);
        }
    }

    private static ushort StampOf(long unixMilliseconds) =>
        (ushort)((unixMilliseconds / 1000) << StampShift);

    private long Note_NeedsLock()
    {
        long now = _clock.UnixMilliseconds;
        _times.Note(_pool.Position, now);
        if (_pool.Position != _position)
        {
            _position = _pool.Position;
            _restsSince = now;
        }
        else if (now - _restsSince >= LongestRestMilliseconds)
        {
            _pool.Advance();
        }

        _pool.UseStamp = StampOf(now);
        return now;
    }
}
