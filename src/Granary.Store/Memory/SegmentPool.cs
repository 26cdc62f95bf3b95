using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Granary.Store.Memory;

// One reservation of address space, cut into segments of one size. The operating system gives it memory when it is
// touched, so the process grows with what is stored and never past the budget: no byte of a record, of the index or of
// a value on its way in lies anywhere else.

/// <summary>The memory of a store. Thread-safe; its lock is the innermost: shard → lane → pool.</summary>
internal sealed unsafe class SegmentPool : IDisposable
{
    private const int SmallestSegmentBytes = 64 << 10;
    private const int GreatestSegmentBytes = 1 << 20;

    // 1,024 segments and more keep what is open, half full or being emptied below a few permille of the budget.
    private const int SegmentsWanted = 1024;

    // Ages are compared as differences of 32 bits.
    private const long GreatestAge = 1 << 30;

    /// <summary>As many as the smallest budget has: the lanes, the evictor's reserve and a log behind them.</summary>
    public const int FewestSegments = 127;

    // Address space is kept for so many times the budget that it begins with; a segment is as large as that one asks for.
    private const int GreatestGrowth = 16;
    private const long GreatestCount = 1 << 24; // of 24 bits in a location

    private readonly Lock _lock = new();
    private readonly Segment* _segments; // zeros that take no memory before they are used
    private readonly int _shift;
    private readonly int _evictorReserve;
    private readonly AddressSpace _space;
    private readonly byte* _memory;
    private readonly FreeSegments _free;
    private uint _position = 1;
    private ushort _useStamp;
    private uint _oldestRank = 1;
    private bool _hasEvicted;
    private bool _isDisposed;

    /// <param name="budgetBytes">Bytes in all.</param>
    /// <param name="evictorReserve">Segments that only the evictor may take, so that it can always make room.</param>
    public SegmentPool(long budgetBytes, int evictorReserve)
    {
        SegmentBytes = SegmentBytesFor(budgetBytes);
        _shift = System.Numerics.BitOperations.Log2((uint)SegmentBytes);
        _evictorReserve = evictorReserve;
        int count = SegmentsOf(budgetBytes);
        long greatest = Math.Min(SegmentsOf(budgetBytes * GreatestGrowth), GreatestCount);
        _space = new AddressSpace((long)count * SegmentBytes, greatest * SegmentBytes);
        _memory = _space.Start;
        Capacity = (int)(_space.Bytes / SegmentBytes);
        _segments = (Segment*)NativeMemory.AllocZeroed((nuint)Capacity, (nuint)sizeof(Segment));
        _free = new FreeSegments(_segments, Capacity, count);
    }

    public int SegmentBytes { get; }

    /// <summary>The longest record that is not chained: half a segment, and what 16 bits of units can say.</summary>
    public int MaxRecordBytes => Math.Min(SegmentBytes / 2, Record.MaxUnits * Record.UnitBytes);

    /// <summary>Segments that the budget allows.</summary>
    public int Count => _free.Allowed;

    /// <summary>Segments that there can be.</summary>
    public int Capacity { get; }

    /// <summary>All that were ever used.</summary>
    public Span<Segment> Segments => new(_segments, _free.Touched);

    /// <summary>The log's position: grows by one with every segment opened; wraps, so compare differences.</summary>
    public uint Position => Volatile.Read(ref _position);

    /// <summary>The present second modulo 4,096, as records have it: above four bits of marks.</summary>
    public ushort UseStamp
    {
        get => Volatile.Read(ref _useStamp);
        set => Volatile.Write(ref _useStamp, value);
    }

    /// <summary>
    /// The lowest rank when the evictor looked last; before that, the first position or what came from elsewhere.
    /// </summary>
    public uint OldestRank => Volatile.Read(ref _oldestRank);

    /// <summary>Whether room had to be made at least once.</summary>
    public bool HasEvicted => Volatile.Read(ref _hasEvicted);

    public long UsedBytes => (long)(Count - FreeCount) * SegmentBytes;

    /// <summary>Whether writers can take a segment.</summary>
    public bool HasRoom => FreeCount > _evictorReserve;

    public int FreeCount => _free.Count;

    public static int SegmentBytesFor(long budgetBytes) => (int)Math.Clamp(
        (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)(budgetBytes / SegmentsWanted)) / 2,
        SmallestSegmentBytes,
        GreatestSegmentBytes);

    public byte* Address(int segment) => _memory + ((long)segment << _shift);

    /// <summary>Whole segments that so many bytes of another store's log are in this one's.</summary>
    public uint PositionsOf(long bytes) => (uint)Math.Min(bytes >> _shift, GreatestAge);

    public Record* RecordAt(int segment, int offset) => (Record*)(Address(segment) + offset);

    /// <summary>The evictor has looked at all ranks.</summary>
    public void NoteOldest(uint rank)
    {
        Volatile.Write(ref _oldestRank, rank);
        Volatile.Write(ref _hasEvicted, true);
    }

    /// <summary>Something of this age has come from another store.</summary>
    public void NoteAge(uint age)
    {
        if (!HasEvicted && age > Position - OldestRank)
        {
            Volatile.Write(ref _oldestRank, Position - age);
        }
    }

    /// <summary>Whole segments, and what is kept of each beside it, in so many bytes.</summary>
    public int SegmentsOf(long budgetBytes) =>
        (int)Math.Min(budgetBytes / (SegmentBytes + Segment.OverheadBytes), int.MaxValue);

    /// <summary>Allows more segments.</summary>
    public void Grow(int segments)
    {
        lock (_lock)
        {
            _free.Allow(segments);
        }
    }

    /// <summary>Allows one segment less, if writers could take one, and gives memory back if more is held than allowed.</summary>
    /// <returns><see langword="false"/> if room has to be made first.</returns>
    public bool TryShrink()
    {
        int segment;
        lock (_lock)
        {
            if (!HasRoom)
            {
                return false;
            }

            segment = _free.Disallow();
        }

        if (segment < 0)
        {
            return true;
        }

        AddressSpace.GiveBack(Address(segment), SegmentBytes); // not under the lock: the kernel takes its time
        lock (_lock)
        {
            _free.Retire(segment);
        }

        return true;
    }

    /// <summary>Takes a free segment.</summary>
    /// <returns>Its number, or -1 if there is none for this caller.</returns>
    public int Take(SegmentState state, bool forEvictor)
    {
        lock (_lock)
        {
            if (FreeCount <= (forEvictor ? 0 : _evictorReserve))
            {
                return -1;
            }

            int segment = _free.Take();
            _segments[segment] = new Segment { State = state, Next = -1, EarliestExpiry = long.MaxValue, Rank = _position };
            return segment;
        }
    }

    /// <summary>Time has passed in which nobody has written.</summary>
    public void Advance()
    {
        lock (_lock)
        {
            _position++;
        }
    }

    /// <summary>A writer has opened a segment: the log grows by it.</summary>
    public void Advance(int segment)
    {
        lock (_lock)
        {
            _segments[segment].Rank = ++_position;
        }
    }

    /// <summary>The open segment is full: it may be evicted from now on.</summary>
    public void Seal(int segment)
    {
        lock (_lock)
        {
            Debug.Assert(_segments[segment].State == SegmentState.Open, "Only an open segment is sealed.");
            _segments[segment].State = SegmentState.Sealed;
            FreeIfEmpty_NeedsLock(segment);
        }
    }

    /// <summary>A record died. Frees the segment if it was the last one there.</summary>
    public void RecordDied(int segment, int bytes)
    {
        if (Interlocked.Add(ref _segments[segment].LiveBytes, -bytes) == 0
            && _segments[segment].State == SegmentState.Sealed)
        {
            lock (_lock)
            {
                FreeIfEmpty_NeedsLock(segment);
            }
        }
    }

    /// <summary>Links a segment to the chain that ends in another.</summary>
    public void Link(int last, int next) => _segments[last].Next = next;

    /// <inheritdoc cref="Segment.NoteExpiry"/>
    public void NoteExpiry(int segment, long expiresAt) => _segments[segment].NoteExpiry(expiresAt);

    /// <summary>Takes a sealed segment out of everybody else's hands.</summary>
    public bool TryClaim(int segment)
    {
        lock (_lock)
        {
            if (_segments[segment].State != SegmentState.Sealed)
            {
                return false;
            }

            _segments[segment].State = SegmentState.Claimed;
            return true;
        }
    }

    /// <summary>Gives a claimed segment back: free if it is empty, else sealed with this rank.</summary>
    public void Release(int segment, uint rank)
    {
        lock (_lock)
        {
            Debug.Assert(_segments[segment].State == SegmentState.Claimed, "Only a claimed segment is released.");
            _segments[segment].State = SegmentState.Sealed;
            _segments[segment].Rank = rank;
            FreeIfEmpty_NeedsLock(segment);
        }
    }

    /// <summary>The staged chain becomes a record that can be found and evicted.</summary>
    /// <param name="first">Its first segment.</param>
    /// <param name="liveBytes">Its length.</param>
    /// <param name="expiresAt">Its expiry. UTC milliseconds.</param>
    /// <param name="age">Positions since its last use.</param>
    /// <param name="advances">Whether the log grows by it: not for what was written elsewhere long ago.</param>
    public void PublishChain(int first, int liveBytes, long expiresAt, uint age, bool advances)
    {
        lock (_lock)
        {
            ref Segment segment = ref _segments[first];
            segment.State = SegmentState.ChainHead;
            segment.LiveBytes = liveBytes;
            segment.EarliestExpiry = expiresAt;
            if (advances)
            {
                _position += (uint)((liveBytes + SegmentBytes - 1) >> _shift);
            }

            segment.Rank = _position - age;
        }
    }

    /// <summary>A record is gone, chained or not. Under its shard's lock.</summary>
    public void FreeRecord(Location location)
    {
        Record* record = RecordAt(location.Segment, location.Offset);
        if (record->IsChained)
        {
            FreeChain(location.Segment);
            return;
        }

        record->MarkDead();
        RecordDied(location.Segment, record->Units * Record.UnitBytes);
    }

    /// <summary>The chained record is gone: frees its segments, or leaves that to the last reader.</summary>
    public void FreeChain(int first)
    {
        lock (_lock)
        {
            if (_segments[first].Pins > 0)
            {
                _segments[first].State = SegmentState.Orphaned;
                return;
            }

            FreeChain_NeedsLock(first);
        }
    }

    public void Pin(int first)
    {
        lock (_lock)
        {
            _segments[first].Pins++;
        }
    }

    public void Unpin(int first)
    {
        lock (_lock)
        {
            if (--_segments[first].Pins == 0 && _segments[first].State == SegmentState.Orphaned)
            {
                FreeChain_NeedsLock(first);
            }
        }
    }

    /// <summary>Copies bytes out of a chain, from an offset that counts from the first segment's first byte.</summary>
    public void CopyFromChain(int first, long offset, Span<byte> destination)
    {
        int segment = SegmentOfChain(first, offset);
        int within = (int)(offset & (SegmentBytes - 1));
        while (!destination.IsEmpty)
        {
            int length = Math.Min(destination.Length, SegmentBytes - within);
            new ReadOnlySpan<byte>(Address(segment) + within, length).CopyTo(destination);
            destination = destination[length..];
            within = 0;
            segment = _segments[segment].Next;
        }
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            NativeMemory.Free(_segments);
            _space.Dispose();
        }
    }

    private int SegmentOfChain(int first, long offset)
    {
        int segment = first;
        for (long skip = offset >> _shift; skip > 0; skip--)
        {
            segment = _segments[segment].Next;
        }

        return segment;
    }

    private void FreeChain_NeedsLock(int first)
    {
        for (int segment = first; segment >= 0;)
        {
            int next = _segments[segment].Next;
            _free.Return(segment);
            segment = next;
        }
    }

    private void FreeIfEmpty_NeedsLock(int segment)
    {
        if (_segments[segment].State == SegmentState.Sealed && Volatile.Read(ref _segments[segment].LiveBytes) == 0)
        {
            _free.Return(segment);
        }
    }
}
