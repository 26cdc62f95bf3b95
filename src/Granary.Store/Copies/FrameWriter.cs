using Granary.Store.Entries;
using Granary.Store.Memory;

namespace Granary.Store.Copies;

/// <summary>Writes records into a frame, behind room for its header.</summary>
internal ref struct FrameWriter(Span<byte> frame, FrameFormat format)
{
    // A part shorter than this waits for the next frame, unless it is the last.
    private const int ShortestPartBytes = 512;

    private readonly Span<byte> _frame = frame;

    /// <summary>Bytes written, the header's included.</summary>
    public int Length { get; private set; } = FrameHeader.Bytes;

    /// <summary>What the frame's header says of its entries.</summary>
    public byte Version { get; private set; } = FrameHeader.FirstVersion;

    public readonly bool HasRecords => Length > FrameHeader.Bytes;

    public readonly int Room => _frame.Length - Length;

    /// <summary>Forgets the records.</summary>
    public void Reset()
    {
        Length = FrameHeader.Bytes;
        Version = FrameHeader.FirstVersion;
    }

    public readonly void WriteHeader(in FrameHeader header) => header.Write(_frame, Length);

    /// <summary>Whether an entry may be told of, or it will be clear once the format is known.</summary>
    public readonly unsafe bool Knows(Record* record) => format switch
    {
        FrameFormat.Unknown or >= FrameFormat.WithoutPrefixes => true,
        FrameFormat.WithoutTags => !record->HasTags,
        _ => !record->HasTags && (record->Marks & EntryMarks.Stale) == EntryMarks.None,
    };

    /// <summary>Adds an entry but for its value.</summary>
    /// <param name="entry">An entry or long entry. What the format has not is left out.</param>
    /// <param name="value">Where its value belongs; empty for a long entry.</param>
    /// <returns><see langword="false"/> if there is no room, or the format does not say whether it may come.</returns>
    public bool TryAddEntry(scoped in FrameRecord entry, out Span<byte> value)
    {
        value = default;
        byte version = VersionOf(entry);
        if (version > Math.Max((byte)format, FrameHeader.FirstVersion))
        {
            return format != FrameFormat.Unknown
                && TryAddEntry(entry.WithoutMarks(keepsWindow: format >= FrameFormat.WithoutMarks), out value);
        }

        int headBytes = entry.BytesOfHead;
        int valueBytes = entry.Kind == FrameRecordKind.Entry ? entry.Info.ValueLength : 0;
        if (valueBytes > Room - headBytes)
        {
            return false;
        }

        Version = Math.Max(Version, version);
        FrameRecord.WriteEntry(_frame[Length..], entry);
        value = _frame.Slice(Length + headBytes, valueBytes);
        Length += headBytes + valueBytes;
        return true;
    }

    /// <summary>Adds a drop; a tag's is left out if the format has none: then it has no entries with tags either.</summary>
    /// <param name="drop">The drop.</param>
    /// <param name="canTell">Whether it can be said in this format, or the format is not known.</param>
    /// <returns><see langword="false"/> if there is no room, the format is not known, or it cannot be said.</returns>
    public bool TryAddDrop(in FeedDrop drop, out bool canTell)
    {
        bool isTag = drop.Prefix.IsEmpty;
        int bytes = isTag ? FrameRecord.TagDropBytes : FrameRecord.PrefixDropHeadBytes + drop.Prefix.Length;
        canTell = isTag || format is FrameFormat.Unknown or FrameFormat.Newest;
        if (format == FrameFormat.Unknown || Room < bytes || !canTell)
        {
            return false;
        }

        if (!isTag)
        {
            Version = FrameHeader.PrefixVersion;
            FrameRecord.WritePrefixDrop(_frame[Length..], drop);
            Length += bytes;
        }
        else if (format >= FrameFormat.WithoutPrefixes)
        {
            Version = Math.Max(Version, FrameHeader.TagVersion);
            FrameRecord.WriteTagDrop(_frame[Length..], drop);
            Length += bytes;
        }

        return true;
    }

    /// <summary>Adds the head of a part, as long as there is room for.</summary>
    /// <param name="offset">Where it begins in the value.</param>
    /// <param name="left">Bytes of the value from there on.</param>
    /// <returns>Where its bytes belong; empty if there is no room.</returns>
    public Span<byte> AddPart(int offset, int left)
    {
        int bytes = Math.Min(Room - FrameRecord.PartHeadBytes, left);
        if (bytes < Math.Min(left, ShortestPartBytes))
        {
            return default;
        }

        FrameRecord.WritePart(_frame[Length..], offset, bytes);
        Length += FrameRecord.PartHeadBytes + bytes;
        return _frame[(Length - bytes)..Length];
    }

    /// <summary>Adds a deletion.</summary>
    /// <returns><see langword="false"/> if there is no room.</returns>
    public bool TryAddDeletion(scoped ReadOnlySpan<byte> key)
    {
        if (Room < FrameRecord.DeletionHeadBytes + key.Length)
        {
            return false;
        }

        FrameRecord.WriteDeletion(_frame[Length..], key);
        Length += FrameRecord.DeletionHeadBytes + key.Length;
        return true;
    }

    private static byte VersionOf(scoped in FrameRecord entry)
    {
        if (!entry.Tags.IsEmpty)
        {
            return FrameHeader.TagVersion;
        }

        if (entry.HasMarks)
        {
            return FrameHeader.MarkVersion;
        }

        return entry.Window.IsNone ? FrameHeader.FirstVersion : FrameHeader.WindowVersion;
    }
}
