using Granary.Store.Entries;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

/// <summary>A value as it was at one moment: pinned if it is long, else copied.</summary>
internal sealed unsafe class HeldValue : IDisposable
{
    private const int CopyBytes = 64 << 10;

    private readonly EntryInfo _info;
    private readonly byte[]? _copy;
    private readonly PinnedValue? _pinned;

    private HeldValue(SegmentPool pool, ulong slot, Record* record)
    {
        _info = EntryInfo.Of(record);
        Marks = record->Marks;
        Sequence = record->Cas;
        Tags = Record.Tags(record).ToArray();
        if (record->IsChained)
        {
            int segment = IndexEntry.LocationOf(slot).Segment;
            _pinned = new PinnedValue(pool, segment, record->ValueOffset, record->ValueLength);
        }
        else
        {
            _copy = Record.Value(record).ToArray();
        }
    }

    public int Length => _info.ValueLength;

    public uint Flags => _info.Flags;

    /// <summary>The cas that clients see.</summary>
    public ulong Cas => _info.Cas;

    /// <summary>The shard's own cas: no two values have the same.</summary>
    public ulong Sequence { get; }

    public EntryMarks Marks { get; }

    /// <summary>The hashes of its tags, 8 bytes each.</summary>
    public byte[] Tags { get; }

    /// <summary>When an entry expires that takes its place.</summary>
    public Expiration Expiration { get; set; }

    /// <summary>The value of an entry, whose shard's lock is held.</summary>
    /// <param name="pool">The store's memory.</param>
    /// <param name="slot">What the index says of it.</param>
    /// <param name="record">Its record.</param>
    public static HeldValue Of(SegmentPool pool, ulong slot, Record* record) => new(pool, slot, record);

    /// <summary>Copies the part of the value that begins at an offset.</summary>
    public void CopyTo(int offset, Span<byte> destination)
    {
        if (_pinned is null)
        {
            _copy.AsSpan(offset, destination.Length).CopyTo(destination);
            return;
        }

        _pinned.CopyTo(offset, destination);
    }

    /// <returns><see langword="false"/> if there is no room.</returns>
    public bool TryCopyTo(StagedValue target)
    {
        if (_pinned is null)
        {
            return target.TryWrite(_copy);
        }

        Span<byte> buffer = new byte[Math.Min(CopyBytes, Length)];
        for (int offset = 0; offset < Length;)
        {
            Span<byte> piece = buffer[..Math.Min(buffer.Length, Length - offset)];
            _pinned.CopyTo(offset, piece);
            if (!target.TryWrite(piece))
            {
                return false;
            }

            offset += piece.Length;
        }

        return true;
    }

    public void Dispose() => _pinned?.Dispose();
}
