using System.Buffers.Binary;
using Granary.Store.Entries;

namespace Granary.Store.Copies;

/// <summary>
/// One record of a frame; what does not belong to its kind is empty. Little-endian, not aligned.
/// <code>
///  0      1       2            4              8     16    24
///  | kind | marks | key length | value length | cas | age | flags? expiry? window? given cas? tags? | key | value   an entry
///  | kind | marks | key length | value length | cas | age | flags? expiry? window? given cas? tags? | key           a long one
///  | kind | 0     | 0          | length       | offset (4) | bytes                                                  part of it
///  | kind | 0     | key length | key                                                                                a deletion
///  | kind | 0     | 0          | tag (8)      | below cas                                                          a tag's drop
///  | kind | 0     | length     | below cas (8)| prefix                                                             a prefix's drop
/// </code>
/// The upper half of the kind's byte says what is there, and bits above the marks whether there are a given cas and tags: a
/// byte that says how many, and 8 bytes each.
/// </summary>
internal readonly ref struct FrameRecord
{
    public const int DeletionHeadBytes = 4;
    public const int PartHeadBytes = 12;
    public const int TagDropBytes = 20;
    public const int PrefixDropHeadBytes = 12;

    private const int EntryHeadBytes = 24;
    private const int KindMask = 0x0F;
    private const int HasFlagsBit = 0x10;
    private const int HasExpiryBit = 0x20;
    private const int IsChangeBit = 0x40;
    private const int HasWindowBit = 0x80;
    private const int MarksMask = 0x0F;
    private const int HasGivenCasBit = 0x10;
    private const int HasTagsBit = 0x20;

    public FrameRecordKind Kind { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    public EntryInfo Info { get; init; }

    /// <summary>The cas that clients see instead; 0 for none.</summary>
    public ulong GivenCas { get; init; }

    public EntryMarks Marks { get; init; }

    /// <summary>The hashes of its tags, 8 bytes each; of a drop, the one.</summary>
    public ReadOnlySpan<byte> Tags { get; init; }

    /// <summary>Of a drop: entries with a lower cas are gone.</summary>
    public ulong BelowCas { get; init; }

    /// <summary>Whether there is something that frames of the first two versions cannot say.</summary>
    public bool HasMarks => Marks != EntryMarks.None || GivenCas != 0;

    /// <summary>How reads put its expiry off.</summary>
    public SlidingWindow Window { get; init; }

    /// <summary>Whether it was changed while the feed was open, so that it is a write like others. Else it is old.</summary>
    public bool IsChange { get; init; }

    /// <summary>Bytes that the sender's log has grown by since the last use.</summary>
    public long Age { get; init; }

    /// <summary>The value, or a part of it; of a prefix's drop, that.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Where a part begins in the value.</summary>
    public int Offset { get; init; }

    /// <summary>Bytes that an entry takes, without its value.</summary>
    public int BytesOfHead =>
        EntryHeadBytes + (Info.Flags != 0 ? sizeof(uint) : 0) + (Info.ExpiresAt != 0 ? sizeof(long) : 0)
            + (Window.IsNone ? 0 : SlidingWindow.Bytes) + (GivenCas == 0 ? 0 : sizeof(ulong))
            + (Tags.IsEmpty ? 0 : 1 + Tags.Length) + Key.Length;

    /// <summary>What an older format says of it: without a window it expires then, whatever is read.</summary>
    /// <param name="keepsWindow">Whether that has windows.</param>
    public FrameRecord WithoutMarks(bool keepsWindow) => new()
    {
        Kind = Kind,
        Key = Key,
        Info = Info,
        Window = keepsWindow ? Window : default,
        IsChange = IsChange,
        Age = Age,
        Value = Value,
    };

    /// <summary>Writes an entry without its value; there must be room for it.</summary>
    public static void WriteEntry(Span<byte> target, scoped in FrameRecord entry)
    {
        EntryInfo info = entry.Info;
        target[0] = (byte)((int)entry.Kind
            | (info.Flags != 0 ? HasFlagsBit : 0)
            | (info.ExpiresAt != 0 ? HasExpiryBit : 0)
            | (entry.Window.IsNone ? 0 : HasWindowBit)
            | (entry.IsChange ? IsChangeBit : 0));
        target[1] = (byte)((int)entry.Marks
            | (entry.GivenCas != 0 ? HasGivenCasBit : 0)
            | (entry.Tags.IsEmpty ? 0 : HasTagsBit));
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], (ushort)entry.Key.Length);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], info.ValueLength);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], info.Cas);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], entry.Age);
        target = target[EntryHeadBytes..];
        if (info.Flags != 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(target, info.Flags);
            target = target[sizeof(uint)..];
        }

        if (info.ExpiresAt != 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(target, info.ExpiresAt);
            target = target[sizeof(long)..];
        }

        if (!entry.Window.IsNone)
        {
            BinaryPrimitives.WriteInt64LittleEndian(target, entry.Window.Milliseconds);
            BinaryPrimitives.WriteInt64LittleEndian(target[sizeof(long)..], entry.Window.Latest);
            target = target[SlidingWindow.Bytes..];
        }

        if (entry.GivenCas != 0)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(target, entry.GivenCas);
            target = target[sizeof(ulong)..];
        }

        if (!entry.Tags.IsEmpty)
        {
            target[0] = (byte)(entry.Tags.Length / sizeof(ulong));
            entry.Tags.CopyTo(target[1..]);
            target = target[(1 + entry.Tags.Length)..];
        }

        entry.Key.CopyTo(target);
    }

    /// <summary>Writes the head of a part; there must be room for it.</summary>
    public static void WritePart(Span<byte> target, int offset, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, (int)FrameRecordKind.Part);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], length);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], offset);
    }

    /// <summary>Writes a deletion; there must be room for it.</summary>
    public static void WriteDeletion(Span<byte> target, ReadOnlySpan<byte> key)
    {
        target[0] = (byte)FrameRecordKind.Deletion;
        target[1] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], (ushort)key.Length);
        key.CopyTo(target[DeletionHeadBytes..]);
    }

    /// <summary>Writes a tag's drop; there must be room for it.</summary>
    public static void WriteTagDrop(Span<byte> target, in FeedDrop drop)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, (int)FrameRecordKind.TagDrop);
        BinaryPrimitives.WriteUInt64LittleEndian(target[4..], drop.Tag);
        BinaryPrimitives.WriteUInt64LittleEndian(target[12..], drop.BelowCas);
    }

    /// <summary>Writes a prefix's drop; there must be room for it.</summary>
    public static void WritePrefixDrop(Span<byte> target, in FeedDrop drop)
    {
        target[0] = (byte)FrameRecordKind.PrefixDrop;
        target[1] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], (ushort)drop.Prefix.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(target[4..], drop.BelowCas);
        drop.Prefix.Span.CopyTo(target[PrefixDropHeadBytes..]);
    }

    /// <summary>Reads the first record of some bytes.</summary>
    /// <param name="source">What is left of the frame.</param>
    /// <param name="record">The record; its spans lie in <paramref name="source"/>.</param>
    /// <param name="length">Bytes that it takes.</param>
    /// <returns><see langword="false"/> if there is no whole, sound record.</returns>
    public static bool TryRead(ReadOnlySpan<byte> source, out FrameRecord record, out int length)
    {
        record = default;
        length = 0;
        if (source.Length < DeletionHeadBytes || (source[1] & ~(MarksMask | HasGivenCasBit | HasTagsBit)) != 0)
        {
            return false;
        }

        switch ((FrameRecordKind)(source[0] & KindMask))
        {
            case FrameRecordKind.Entry or FrameRecordKind.LongEntry:
                return TryReadEntry(source, out record, out length);
            case FrameRecordKind.Part when source[0] == (byte)FrameRecordKind.Part && source[1] == 0:
                return TryReadPart(source, out record, out length);
            case FrameRecordKind.Deletion when source[0] == (byte)FrameRecordKind.Deletion && source[1] == 0:
                return TryReadDeletion(source, out record, out length);
            case FrameRecordKind.TagDrop when source.Length >= TagDropBytes
                && BinaryPrimitives.ReadInt32LittleEndian(source) == (int)FrameRecordKind.TagDrop:
                length = TagDropBytes;
                record = new FrameRecord
                {
                    Kind = FrameRecordKind.TagDrop,
                    Tags = source.Slice(4, sizeof(ulong)),
                    BelowCas = BinaryPrimitives.ReadUInt64LittleEndian(source[12..]),
                };
                return true;
            case FrameRecordKind.PrefixDrop when source[0] == (byte)FrameRecordKind.PrefixDrop && source[1] == 0:
                return TryReadPrefixDrop(source, out record, out length);
            default:
                return false;
        }
    }

    private static bool TryReadEntry(ReadOnlySpan<byte> source, out FrameRecord record, out int length)
    {
        record = default;
        length = EntryHeadBytes;
        int bits = source[0];
        int flagsBytes = (bits & HasFlagsBit) != 0 ? sizeof(uint) : 0;
        int expiryBytes = (bits & HasExpiryBit) != 0 ? sizeof(long) : 0;
        int windowBytes = (bits & HasWindowBit) != 0 ? SlidingWindow.Bytes : 0;
        int windowStart = EntryHeadBytes + flagsBytes + expiryBytes;
        int givenCasStart = windowStart + windowBytes;
        bool hasGivenCas = (source[1] & HasGivenCasBit) != 0;
        int tagsStart = givenCasStart + (hasGivenCas ? sizeof(ulong) : 0);
        if (source.Length < tagsStart
            || !TryReadWindow(source[windowStart..givenCasStart], out SlidingWindow window)
            || !TryReadTags(source[tagsStart..], (source[1] & HasTagsBit) != 0, out ReadOnlySpan<byte> tags))
        {
            return false;
        }

        int keyStart = tagsStart + (tags.IsEmpty ? 0 : 1 + tags.Length);
        var kind = (FrameRecordKind)(bits & KindMask);
        int keyLength = BinaryPrimitives.ReadUInt16LittleEndian(source[2..]);
        int valueLength = BinaryPrimitives.ReadInt32LittleEndian(source[4..]);
        long age = BinaryPrimitives.ReadInt64LittleEndian(source[16..]);
        long expiresAt = expiryBytes == 0
            ? 0
            : BinaryPrimitives.ReadInt64LittleEndian(source[(EntryHeadBytes + flagsBytes)..]);
        long end = keyStart + keyLength + (kind == FrameRecordKind.Entry ? (long)valueLength : 0);
        if (keyLength is 0 or > CacheStore.MaxKeyBytes || valueLength < 0 || age < 0 || end > source.Length
            || expiresAt < 0 || (expiresAt == 0 && !window.IsNone))
        {
            return false;
        }

        length = (int)end;
        record = new FrameRecord
        {
            Kind = kind,
            Key = source.Slice(keyStart, keyLength),
            Info = new EntryInfo(
                valueLength,
                flagsBytes == 0 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(source[EntryHeadBytes..]),
                BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
                expiresAt),
            GivenCas = hasGivenCas ? BinaryPrimitives.ReadUInt64LittleEndian(source[givenCasStart..]) : 0,
            Marks = (EntryMarks)(source[1] & MarksMask),
            Tags = tags,
            Window = window,
            IsChange = (bits & IsChangeBit) != 0,
            Age = age,
            Value = source[(keyStart + keyLength)..length],
        };
        return kind == FrameRecordKind.Entry || valueLength > 0;
    }

    private static bool TryReadWindow(ReadOnlySpan<byte> source, out SlidingWindow window)
    {
        window = source.IsEmpty
            ? default
            : new SlidingWindow(
                BinaryPrimitives.ReadInt64LittleEndian(source),
                BinaryPrimitives.ReadInt64LittleEndian(source[sizeof(long)..]));
        return source.IsEmpty || window is { Milliseconds: > 0 and <= Expiration.GreatestMilliseconds, Latest: > 0 };
    }

    private static bool TryReadTags(ReadOnlySpan<byte> source, bool hasTags, out ReadOnlySpan<byte> tags)
    {
        tags = default;
        if (!hasTags)
        {
            return true;
        }

        if (source.IsEmpty || source[0] is 0 or > EntryTags.MaxCount || source.Length <= source[0] * sizeof(ulong))
        {
            return false;
        }

        tags = source.Slice(1, source[0] * sizeof(ulong));
        return true;
    }

    private static bool TryReadPart(ReadOnlySpan<byte> source, out FrameRecord record, out int length)
    {
        record = default;
        length = PartHeadBytes;
        if (source.Length < PartHeadBytes || BinaryPrimitives.ReadUInt16LittleEndian(source[2..]) != 0)
        {
            return false;
        }

        int bytes = BinaryPrimitives.ReadInt32LittleEndian(source[4..]);
        int offset = BinaryPrimitives.ReadInt32LittleEndian(source[8..]);
        if (bytes <= 0 || bytes > source.Length - PartHeadBytes || offset < 0)
        {
            return false;
        }

        length += bytes;
        record = new FrameRecord
        {
            Kind = FrameRecordKind.Part,
            Offset = offset,
            Value = source.Slice(PartHeadBytes, bytes),
        };
        return true;
    }

    private static bool TryReadPrefixDrop(ReadOnlySpan<byte> source, out FrameRecord record, out int length)
    {
        record = default;
        int prefixLength = BinaryPrimitives.ReadUInt16LittleEndian(source[2..]);
        length = PrefixDropHeadBytes + prefixLength;
        if (prefixLength is 0 or > StoreNamespace.MaxPrefixBytes || length > source.Length)
        {
            return false;
        }

        record = new FrameRecord
        {
            Kind = FrameRecordKind.PrefixDrop,
            BelowCas = BinaryPrimitives.ReadUInt64LittleEndian(source[4..]),
            Value = source[PrefixDropHeadBytes..length],
        };
        return true;
    }

    private static bool TryReadDeletion(ReadOnlySpan<byte> source, out FrameRecord record, out int length)
    {
        record = default;
        int keyLength = BinaryPrimitives.ReadUInt16LittleEndian(source[2..]);
        length = DeletionHeadBytes + keyLength;
        if (keyLength is 0 or > CacheStore.MaxKeyBytes || length > source.Length)
        {
            return false;
        }

        record = new FrameRecord
        {
            Kind = FrameRecordKind.Deletion,
            Key = source.Slice(DeletionHeadBytes, keyLength),
        };
        return true;
    }
}
