namespace Granary.Store.Memory;

/// <summary>
/// One open segment that writers append records to. A store has a few, so that writers of different cores seldom meet;
/// a writer takes any of them, so that no shard ever holds a segment of its own.
/// </summary>
/// <param name="pool">Where the segments come from.</param>
/// <param name="isMain">Whether they are of the main queue of S3-FIFO.</param>
/// <remarks>Thread-safe; its lock is taken inside a shard's and outside the pool's.</remarks>
internal sealed unsafe class Lane(SegmentPool pool, bool isMain = false)
{
    private readonly Lock _lock = new();
    private int _segment = -1;
    private int _used;

    /// <summary>Allocates a record and writes its units and shard.</summary>
    /// <param name="bytes">A multiple of 8, at most <see cref="SegmentPool.MaxRecordBytes"/>.</param>
    /// <param name="shard">Whose record it is.</param>
    /// <param name="location">Where it is.</param>
    /// <param name="forEvictor">Whether a new segment may come from the evictor's reserve.</param>
    /// <returns><see langword="false"/> if a new segment is needed and the pool has none.</returns>
    public bool TryAllocate(int bytes, int shard, out Location location, bool forEvictor = false)
    {
        lock (_lock)
        {
            if ((_segment < 0 || pool.SegmentBytes - _used < bytes) && !TryOpen_NeedsLock(forEvictor))
            {
                location = default;
                return false;
            }

            location = new Location(_segment, _used);
            Record* record = pool.RecordAt(_segment, _used);
            record->Units = (ushort)(bytes / Record.UnitBytes);
            record->Shard = (ushort)shard;
            _used += bytes;
            ref Segment segment = ref pool.Segments[_segment];
            segment.UsedBytes = _used;
            Interlocked.Add(ref segment.LiveBytes, bytes);
            return true;
        }
    }

    /// <summary>Ends the open segment, so that it can be evicted.</summary>
    /// <returns>Whether there was one with records.</returns>
    public bool Seal()
    {
        lock (_lock)
        {
            return Seal_NeedsLock();
        }
    }

    private bool TryOpen_NeedsLock(bool forEvictor)
    {
        int next = pool.Take(SegmentState.Open, forEvictor);
        if (next < 0)
        {
            return false;
        }

        pool.Segments[next].IsMain = isMain;
        pool.Advance(next);
        Seal_NeedsLock();
        _segment = next;
        _used = 0;
        return true;
    }

    private bool Seal_NeedsLock()
    {
        if (_segment < 0)
        {
            return false;
        }

        pool.Seal(_segment);
        _segment = -1;
        return true;
    }
}
