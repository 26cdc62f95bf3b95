namespace Granary.Store.Memory;

/// <summary>
/// Hands out the pages that the shards' indexes are made of: segments of the pool, cut small, so that an index grows by
/// a page at a time and counts against the budget. A page that is given back serves the next index that grows.
/// </summary>
/// <remarks>Thread-safe; its lock is taken inside a shard's and outside the pool's.</remarks>
internal sealed unsafe class IndexPages(SegmentPool pool)
{
    /// <summary>16 buckets: with 256 shards, empty indexes take 256 KiB.</summary>
    public const int PageBytes = 1024;

    private readonly Lock _lock = new();
    private byte* _free;
    private int _segment = -1;
    private int _used;

    /// <summary>Takes a page of zeros.</summary>
    /// <returns><see langword="null"/> if the pool has no segment for it.</returns>
    public byte* Take()
    {
        lock (_lock)
        {
            byte* page = _free;
            if (page != null)
            {
                _free = *(byte**)page;
            }
            else
            {
                if ((_segment < 0 || _used == pool.SegmentBytes) && !TryOpen_NeedsLock())
                {
                    return null;
                }

                page = pool.Address(_segment) + _used;
                _used += PageBytes;
            }

            new Span<byte>(page, PageBytes).Clear();
            return page;
        }
    }

    /// <summary>Gives a page back.</summary>
    public void Return(byte* page)
    {
        lock (_lock)
        {
            *(byte**)page = _free;
            _free = page;
        }
    }

    private bool TryOpen_NeedsLock()
    {
        int segment = pool.Take(SegmentState.Index, forEvictor: false);
        if (segment < 0)
        {
            return false;
        }

        _segment = segment;
        _used = 0;
        return true;
    }
}
