using System.Diagnostics;
using Granary.Store.Memory;
using Granary.Store.Shards;

namespace Granary.Store.Entries;

/// <summary>
/// A long value on its way in: written piece by piece into memory of the budget, visible to nobody before it is stored
/// with <see cref="CacheStore.Commit(int, StagedValue, in PutOptions, out PutOutcome)"/>. Dispose of it in any case. One
/// thread at a time.
/// </summary>
public sealed unsafe class StagedValue : IDisposable
{
    private readonly LongValues _source;
    private readonly SegmentPool _pool;
    private readonly byte[] _key;
    private readonly byte[] _tags;
    private readonly Expiration _expiration;
    private readonly SlidingWindow _window;
    private readonly int _start;
    private int _first = -1;
    private int _last = -1;
    private int _current = -1;
    private int _segments;

    /// <param name="source">Where its memory comes from.</param>
    /// <param name="pool">The memory.</param>
    /// <param name="key">The key.</param>
    /// <param name="length">Of the whole value. Bytes.</param>
    /// <param name="flags">The client's.</param>
    /// <param name="expiration">Counts from the commit.</param>
    /// <param name="window">One that the entry has already; else the expiration's counts.</param>
    /// <param name="tags">The hashes of its tags.</param>
    internal StagedValue(
        LongValues source,
        SegmentPool pool,
        ReadOnlySpan<byte> key,
        int length,
        uint flags,
        Expiration expiration,
        in SlidingWindow window,
        ReadOnlySpan<byte> tags)
    {
        _source = source;
        _pool = pool;
        _key = key.ToArray();
        _tags = tags.ToArray();
        _expiration = expiration;
        _window = window;
        Flags = flags;
        Length = length;
        bool hasWindow = expiration.Window > 0 || !window.IsNone;
        RecordBytes = Record.BytesFor(
            key.Length, tags.Length, length, hasExpiry: true, hasWindow, hasGivenCas: true, flags != 0);
        _start = Record.HeaderBytes + sizeof(long) + (hasWindow ? SlidingWindow.Bytes : 0) + sizeof(ulong)
            + (flags != 0 ? sizeof(uint) : 0) + key.Length + tags.Length;
    }

    /// <summary>Length of the whole value. Bytes.</summary>
    public int Length { get; }

    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    /// <summary>Whether all of it is written.</summary>
    public bool IsWhole => Written == Length;

    internal uint Flags { get; }

    /// <summary>The cas that a client has chosen for it; 0 for none.</summary>
    internal ulong GivenCas { get; set; }

    internal EntryMarks Marks { get; set; }

    internal long RecordBytes { get; }

    internal ReadOnlySpan<byte> Key => _key;

    internal ReadOnlySpan<byte> Tags => _tags;

    internal int FirstSegment => _first;

    /// <summary>The value, if all of it lies in the first segment.</summary>
    internal ReadOnlySpan<byte> ShortValue => new(_pool.Address(_first) + _start, Length);

    internal int ValueStart => _start;

    /// <summary>Adds the next piece.</summary>
    /// <returns><see langword="false"/> if no room can be made: dispose of it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The pieces are longer than <see cref="Length"/>.</exception>
    public bool TryWrite(ReadOnlySpan<byte> piece)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(piece.Length, Length - Written, nameof(piece));
        if (!TryReserve(_start + (long)Written + piece.Length))
        {
            return false;
        }

        while (!piece.IsEmpty)
        {
            long position = _start + (long)Written;
            int within = (int)(position & (_pool.SegmentBytes - 1));
            if (within == 0 && position > 0)
            {
                _current = _pool.Segments[_current].Next;
            }

            int count = Math.Min(piece.Length, _pool.SegmentBytes - within);
            piece[..count].CopyTo(new Span<byte>(_pool.Address(_current) + within, count));
            piece = piece[count..];
            Written += count;
        }

        return true;
    }

    /// <summary>Copies a part of what was written.</summary>
    /// <param name="offset">Where it begins. Bytes.</param>
    /// <param name="destination">As long as the part.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part was not written.</exception>
    public void CopyTo(int offset, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, Written - offset, nameof(destination));
        _pool.CopyFromChain(_first, _start + offset, destination);
    }

    /// <summary>Gives the memory back, if the value was not stored.</summary>
    public void Dispose()
    {
        if (_first >= 0)
        {
            _pool.FreeChain(_first);
            Forget();
        }
    }

    /// <summary>Writes the head and hands the chain over to the shard, whose lock is held.</summary>
    /// <param name="shard">Whose it is.</param>
    /// <param name="cas">The entry's.</param>
    /// <param name="uses">Uses that are counted already.</param>
    /// <param name="age">Positions since its last use.</param>
    /// <param name="stamp">The second of that.</param>
    /// <param name="advances">Whether the log grows by it.</param>
    internal Location Publish(int shard, ulong cas, int uses, uint age, ushort stamp, bool advances)
    {
        Debug.Assert(IsWhole, "Only a whole value is stored.");
        Record* record = _pool.RecordAt(_first, 0);
        record->Units = 0;
        record->Shard = (ushort)shard;
        record->Begin(cas, uses);
        record->Use(_pool.Position - age, stamp);
        _pool.PublishChain(_first, (int)RecordBytes, Record.Expiry(record), age, advances);
        var location = new Location(_first, 0);
        Forget();
        return location;
    }

    /// <summary>It comes too late: it expires as what it replaces, and is marked. Its head is written.</summary>
    internal void BecomeStale(long expiresAt, EntryMarks marks)
    {
        Record* record = _pool.RecordAt(_first, 0);
        record->Marks = marks;
        if (record->HasWindow)
        {
            Record.EndWindow(record);
        }

        Record.SetExpiry(record, expiresAt == 0 ? long.MaxValue : expiresAt);
    }

    /// <summary>Writes key, tags, flags, expiration, given cas and marks: before <see cref="Publish"/>.</summary>
    /// <returns><see langword="false"/> if there is no room.</returns>
    internal bool TryWriteHead(StoreClock clock)
    {
        if (!TryReserve(_start))
        {
            return false;
        }

        long expiresAt = _expiration.ToAbsolute(clock, out SlidingWindow window);
        var head = new RecordHead
        {
            Key = _key,
            ValueLength = Length,
            Flags = Flags,
            ExpiresAt = expiresAt == 0 ? long.MaxValue : expiresAt,
            Window = _window.IsNone ? window : _window,
            HasGivenCas = true, // so that it can be changed without moving the value
            GivenCas = GivenCas,
            Marks = Marks,
            Tags = _tags,
        };
        Record.WriteHead(_pool.RecordAt(_first, 0), head);
        return true;
    }

    private void Forget()
    {
        _source.ReleaseStaged(_segments);
        _first = -1;
        _segments = 0;
    }

    // Segments are taken as the value arrives, so that an announced length alone costs nothing.
    private bool TryReserve(long bytes)
    {
        while ((long)_segments * _pool.SegmentBytes < bytes)
        {
            int segment = _source.TakeStaged();
            if (segment < 0)
            {
                return false;
            }

            if (_first < 0)
            {
                _first = segment;
                _current = segment;
            }
            else
            {
                _pool.Link(_last, segment);
            }

            _last = segment;
            _segments++;
        }

        return true;
    }
}
