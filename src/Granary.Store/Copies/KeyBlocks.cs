using Granary.Store.Eviction;
using Granary.Store.Memory;

namespace Granary.Store.Copies;

/// <summary>
/// The memory for the keys that wait in feeds: segments of the pool, cut small, at most a 64th of the budget. A writer
/// that has changed an entry cannot wait for room, so the feeds see to it that some is always here.
/// </summary>
/// <remarks>Thread-safe; its lock is taken inside a shard's and outside the pool's.</remarks>
internal sealed unsafe class KeyBlocks(SegmentPool pool)
{
    public const int BlockBytes = 1024;

    private const int ShareOfBudget = 64;

    // Between two reads of the feeds writers may use what is free; when the store is full they find no more.
    private const int ShareKeptFree = 4;

    private readonly Lock _lock = new();
    private readonly List<int> _segments = [];
    private byte* _free;
    private int _freeBlocks;
    private int _users;

    /// <summary>A feed begins to use it.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            _users++;
        }
    }

    /// <summary>A feed has given its blocks back. The last one gives the memory back.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_users > 0)
            {
                return;
            }

            foreach (int segment in _segments)
            {
                pool.FreeChain(segment);
            }

            _segments.Clear();
            _free = null;
            _freeBlocks = 0;
        }
    }

    /// <summary>Sees to it that a quarter of what may be taken is free, evicting if need be. Call it without any lock.</summary>
    public void TopUp(Evictor evictor)
    {
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (_lock)
            {
                while (IsLow && TryAddSegment_NeedsLock())
                {
                }

                if (!IsLow)
                {
                    return;
                }
            }
        }
    }

    /// <returns><see langword="null"/> if there is none left.</returns>
    public byte* Take()
    {
        lock (_lock)
        {
            if (_free == null && (_segments.Count >= MaxSegments || !TryAddSegment_NeedsLock()))
            {
                return null;
            }

            byte* block = _free;
            _free = *(byte**)block;
            _freeBlocks--;
            return block;
        }
    }

    public void Return(byte* block)
    {
        lock (_lock)
        {
            Return_NeedsLock(block);
        }
    }

    private int MaxSegments => Math.Max(pool.Count / ShareOfBudget, 2);

    private bool IsLow =>
        (long)_freeBlocks * BlockBytes * ShareKeptFree < (long)MaxSegments * pool.SegmentBytes
        && _segments.Count < MaxSegments;

    private void Return_NeedsLock(byte* block)
    {
        *(byte**)block = _free;
        _free = block;
        _freeBlocks++;
    }

    private bool TryAddSegment_NeedsLock()
    {
        int segment = pool.Take(SegmentState.Keys, forEvictor: false);
        if (segment < 0)
        {
            return false;
        }

        _segments.Add(segment);
        for (int offset = 0; offset < pool.SegmentBytes; offset += BlockBytes)
        {
            Return_NeedsLock(pool.Address(segment) + offset);
        }

        return true;
    }
}
