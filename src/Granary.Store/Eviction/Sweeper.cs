using Granary.Store.Memory;
using Granary.Store.Shards;

namespace Granary.Store.Eviction;

/// <summary>
/// Finds the entries whose time has passed without being asked for them, a bounded number at a time. One thread at a time.
/// </summary>
internal sealed class Sweeper(StoreCore core, Evictor evictor)
{
    private readonly Lock _lock = new();
    private int _next;
    private long _flushesSeen;
    private int _dueToFlush;

    /// <summary>Looks on from where it stopped, at segments that may hold such entries.</summary>
    /// <param name="maxRecords">Stops after the segment in which it has looked at so many.</param>
    /// <returns>Records looked at: 0 when a whole round found no segment worth looking at.</returns>
    public int Sweep(int maxRecords)
    {
        evictor.Trim();
        lock (_lock)
        {
            SegmentPool pool = core.Pool;
            if (_flushesSeen != core.Flushes)
            {
                _flushesSeen = core.Flushes;
                _dueToFlush = pool.Count;
            }

            long now = core.Clock.UnixMilliseconds;
            int records = 0;
            for (int looked = 0; looked < pool.Count && records < maxRecords; looked++)
            {
                if (_dueToFlush > 0 || pool.Segments[_next].EarliestExpiry <= now)
                {
                    records += evictor.Sweep(_next);
                }

                _dueToFlush = Math.Max(_dueToFlush - 1, 0);
                _next = (_next + 1) % pool.Count;
            }

            return records;
        }
    }
}
