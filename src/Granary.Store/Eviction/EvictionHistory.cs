using Granary.Store.Shards;

namespace Granary.Store.Eviction;

/// <summary>
/// How long ago that was last used which is evicted: the time since the log was at the lowest rank. Thread-safe; its lock
/// is taken before that of <see cref="LastUses"/> only.
/// </summary>
internal sealed class EvictionHistory(StoreCore core, Evictor evictor)
{
    private const long LatelyMilliseconds = 60_000;

    private readonly Lock _lock = new();
    private long _evictions;
    private long _evictedAt;
    private TimeSpan _age;

    /// <summary>As it was when something was evicted last, to the last note.</summary>
    /// <returns><see langword="null"/> if nothing was in the last minute.</returns>
    public TimeSpan? Age
    {
        get
        {
            lock (_lock)
            {
                long now = Note_NeedsLock();
                return _evictions > 0 && now - _evictedAt <= LatelyMilliseconds ? _age : null;
            }
        }
    }

    /// <summary>Notes the log's position and whether something was evicted: no more exact than how often it is called.</summary>
    public void Note()
    {
        lock (_lock)
        {
            Note_NeedsLock();
        }
    }

    private long Note_NeedsLock()
    {
        long now = core.LastUses.Note();
        long evictions = evictor.Evictions;
        if (evictions != _evictions)
        {
            _evictions = evictions;
            _evictedAt = now;
            _age = TimeSpan.FromMilliseconds(now - core.LastUses.TimeOf(core.Pool.OldestRank));
        }

        return now;
    }
}
