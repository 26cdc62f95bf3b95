using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.Memory;

namespace Granary.Store;

/// <summary>How much memory a store may take: it can be changed while the store is used.</summary>
/// <remarks>Thread-safe; its lock is outside the evictor's.</remarks>
public sealed class StoreBudget
{
    private readonly Lock _lock = new();
    private readonly SegmentPool _pool;
    private readonly Evictor _evictor;
    private long _bytes;

    internal StoreBudget(StoreOptions options, SegmentPool pool, Evictor evictor)
    {
        _pool = pool;
        _evictor = evictor;
        _bytes = options.MemoryLimitBytes;
        long segmentBytes = pool.SegmentBytes + Segment.OverheadBytes;
        LeastBytes = Math.Max(
            Math.Max(StoreOptions.SmallestMemoryLimitBytes, SegmentPool.FewestSegments * segmentBytes),
            2L * options.MaxValueBytes);
        GreatestBytes = Math.Max(((pool.Capacity + 1) * segmentBytes) - 1, _bytes); // the last part of a segment is of no use
    }

    /// <summary>The budget: what the store may take, or, while it shrinks, is to take. Bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>
    /// What it can be changed to at least: an eighth to a sixteenth of what it began with, twice the longest value, 8 MiB,
    /// whichever is most. Bytes.
    /// </summary>
    public long LeastBytes { get; }

    /// <summary>
    /// What it can be changed to at most: sixteen times what it began with on Linux, if the process gets the addresses; else
    /// what it began with. Bytes.
    /// </summary>
    public long GreatestBytes { get; }

    /// <summary>Whether the store takes no more than it may.</summary>
    public bool IsReached => _pool.Count <= _pool.SegmentsOf(Bytes);

    /// <summary>Changes the budget. A larger one counts at once; a smaller one is reached by <see cref="Shrink"/>.</summary>
    /// <returns><see langword="false"/> if it is not between the bounds: nothing changed.</returns>
    public bool TrySet(long bytes)
    {
        if (bytes < LeastBytes || bytes > GreatestBytes)
        {
            return false;
        }

        lock (_lock)
        {
            Volatile.Write(ref _bytes, bytes);
            _pool.Grow(Math.Max(_pool.SegmentsOf(bytes) - _pool.Count, 0));
            return true;
        }
    }

    /// <summary>
    /// Evicts what leaves first and gives its memory back, until the budget is reached. Call it every now and then. Readers
    /// and writers go on meanwhile.
    /// </summary>
    /// <param name="maxSegments">About how many thousandths of the first budget to give back at most.</param>
    /// <returns>Whether there is more to do. Where nothing is evicted, that waits for entries to go.</returns>
    public bool Shrink(int maxSegments)
    {
        for (int count = 0; count < maxSegments && !IsReached; count++)
        {
            lock (_lock)
            {
                if (!IsReached && !TryShrink_NeedsLock())
                {
                    break;
                }
            }
        }

        return !IsReached;
    }

    private bool TryShrink_NeedsLock()
    {
        for (var attempts = new RoomAttempts(_evictor); attempts.Next();)
        {
            if (_pool.TryShrink())
            {
                return true;
            }
        }

        return false;
    }
}
