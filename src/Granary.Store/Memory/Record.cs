using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Granary.Store.Entries;

namespace Granary.Store.Memory;

/// <summary>
/// The head of a record: an entry's bytes in a segment. 24 bytes, then the optional fields, key, value, padding to 8.
/// <code>
///  0        2        4        6        8            12           16            24
///  | units  | shard  | key    | marks  | value      | last use   | uses, cas   | expiry? window? given cas? flags? key tags ...
/// </code>
/// </summary>
/// <remarks>
/// What has a window (<see cref="SlidingWindow"/>, 16 bytes) has an expiry as well. The cas orders the shard's changes;
/// what clients see instead, if one of them has chosen it, is the given cas. Beside the marks is the second of the last
/// use, modulo 4,096: <see cref="Eviction.LastUses"/> knows the rest. Beside the value's length is the number of tags, each
/// 8 bytes that are not aligned; they are behind the key, where no look-up has to step over them. Above the cas are two
/// bits that count uses: a cas begins at UTC in microseconds and has 62 bits, enough for the year 148,000.
/// <see cref="Units"/> and <see cref="Shard"/> are written under the lane's lock when the record is allocated and never
/// change; all else is read and written under the shard's lock.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Record
{
    public const int HeaderBytes = 24;
    public const int UnitBytes = 8;
    public const int MaxUnits = ushort.MaxValue;
    public const int MaxUses = 3;
    public const ulong GreatestCas = (1UL << UsesShift) - 1;

    private const int ExpiryBytes = 8;
    private const int FlagsBytes = 4;
    private const int GivenCasBytes = 8;
    private const ushort KeyLengthMask = 0x07FF;
    private const ushort DeadBit = 0x0800;
    private const ushort HasExpiryBit = 0x1000;
    private const ushort HasFlagsBit = 0x2000;
    private const ushort HasGivenCasBit = 0x4000;
    private const ushort HasWindowBit = 0x8000;
    private const ushort MarksMask = 0x000F;
    private const int ValueLengthMask = 0x0FFF_FFFF;
    private const int TagCountShift = 28;
    private const int UsesShift = 62;

    // Each of the bits is so many places above the one that is its field's length.
    private const int ExpiryShift = 9;
    private const int OthersShift = 11;

    /// <summary>Length of the record in units of 8 bytes; 0 for a record that is chained over whole segments.</summary>
    public ushort Units;
    public ushort Shard;
    private ushort _keyLengthAndBits;
    private ushort _marksAndStamp;
    private uint _valueLengthAndTags;

    /// <summary>The log's position when the entry was used last.</summary>
    public uint LastUse;
    private ulong _casAndUses;

    /// <summary>Orders the shard's changes. At most <see cref="GreatestCas"/>.</summary>
    public ulong Cas
    {
        readonly get => _casAndUses & GreatestCas;
        set => _casAndUses = value | (_casAndUses & ~GreatestCas);
    }

    /// <summary>Uses since it came into its queue, up to <see cref="MaxUses"/>. Counted under S3-FIFO only.</summary>
    public int Uses
    {
        readonly get => (int)(_casAndUses >> UsesShift);
        set => _casAndUses = (_casAndUses & GreatestCas) | ((ulong)value << UsesShift);
    }

    public readonly int KeyLength => _keyLengthAndBits & KeyLengthMask;

    public readonly int ValueLength => (int)(_valueLengthAndTags & ValueLengthMask);

    public readonly bool HasTags => _valueLengthAndTags > ValueLengthMask;

    /// <summary>Bytes of the tags, without a branch.</summary>
    public readonly int TagBytes => (int)(_valueLengthAndTags >> TagCountShift) * sizeof(ulong);

    public readonly bool HasExpiry => (_keyLengthAndBits & HasExpiryBit) != 0;

    public readonly bool HasFlags => (_keyLengthAndBits & HasFlagsBit) != 0;

    public readonly bool HasWindow => (_keyLengthAndBits & HasWindowBit) != 0;

    public readonly bool HasGivenCas => (_keyLengthAndBits & HasGivenCasBit) != 0;

    public EntryMarks Marks
    {
        readonly get => (EntryMarks)(_marksAndStamp & MarksMask);
        set => _marksAndStamp = (ushort)((_marksAndStamp & ~MarksMask) | (ushort)value);
    }

    /// <summary>The second of the last use, as <see cref="SegmentPool.UseStamp"/> was then.</summary>
    public readonly ushort UseStamp => (ushort)(_marksAndStamp & ~MarksMask);

    public readonly bool IsDead => (_keyLengthAndBits & DeadBit) != 0;

    public readonly bool IsChained => Units == 0;

    /// <summary>Where the key begins, from the record's first byte. Without a branch: every look-up needs it.</summary>
    public readonly int KeyOffset => HeaderBytes
        + ((_keyLengthAndBits >> ExpiryShift) & ExpiryBytes)
        + ((_keyLengthAndBits >> OthersShift) & (FlagsBytes | GivenCasBytes | SlidingWindow.Bytes));

    public readonly int ValueOffset => KeyOffset + KeyLength + TagBytes;

    public static long BytesFor(
        int keyLength, int tagBytes, long valueLength, bool hasExpiry, bool hasWindow, bool hasGivenCas, bool hasFlags) =>
        (HeaderBytes + (hasExpiry ? ExpiryBytes : 0) + (hasWindow ? SlidingWindow.Bytes : 0)
            + (hasGivenCas ? GivenCasBytes : 0) + (hasFlags ? FlagsBytes : 0)
            + keyLength + tagBytes + valueLength + UnitBytes - 1) & ~(long)(UnitBytes - 1);

    /// <summary>The most that a record takes.</summary>
    public static long GreatestBytesFor(int keyLength, long valueLength) => BytesFor(
        keyLength, EntryTags.MaxBytes, valueLength, hasExpiry: true, hasWindow: true, hasGivenCas: true, hasFlags: true);

    /// <summary>Bytes that a record takes, in one segment or in several.</summary>
    public static long BytesOf(Record* record) => record->IsChained
        ? BytesFor(
            record->KeyLength,
            record->TagBytes,
            record->ValueLength,
            record->HasExpiry,
            record->HasWindow,
            record->HasGivenCas,
            record->HasFlags)
        : record->Units * UnitBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Key(Record* record) =>
        new((byte*)record + record->KeyOffset, record->KeyLength);

    /// <summary>The value of a record that lies in one segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<byte> Value(Record* record) =>
        new((byte*)record + record->ValueOffset, record->ValueLength);

    /// <summary>The hashes of its tags, 8 bytes each.</summary>
    public static ReadOnlySpan<byte> Tags(Record* record) =>
        new((byte*)record + record->KeyOffset + record->KeyLength, record->TagBytes);

    public static long Expiry(Record* record) =>
        record->HasExpiry ? *(long*)((byte*)record + HeaderBytes) : 0;

    public static void SetExpiry(Record* record, long expiresAt) => *(long*)((byte*)record + HeaderBytes) = expiresAt;

    public static SlidingWindow Window(Record* record) => record->HasWindow ? *WindowField(record) : default;

    /// <summary>Reads put the expiry of a record that has a window off no more. The field stays.</summary>
    public static void EndWindow(Record* record) => *WindowField(record) = default;

    public static uint Flags(Record* record) =>
        record->HasFlags ? *(uint*)((byte*)record + record->KeyOffset - FlagsBytes) : 0;

    /// <summary>The cas that clients see and compare with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong VisibleCas(Record* record) =>
        record->HasGivenCas && *GivenCasField(record) is not 0 and ulong given ? given : record->Cas;

    /// <summary>The cas that a client has chosen; 0 for none.</summary>
    public static ulong GivenCas(Record* record) => record->HasGivenCas ? *GivenCasField(record) : 0;

    /// <summary>Changes the given cas of a record that has a field for it; 0 for none.</summary>
    public static void SetGivenCas(Record* record, ulong cas) => *GivenCasField(record) = cas;

    /// <summary>Writes all but units, shard, cas and uses, last use and value.</summary>
    public static void WriteHead(Record* record, in RecordHead head)
    {
        Debug.Assert(head.Window.IsNone || head.ExpiresAt != 0, "What has a window expires.");
        record->_keyLengthAndBits = (ushort)(head.Key.Length
            | (head.ExpiresAt != 0 ? HasExpiryBit : 0)
            | (head.Window.IsNone ? 0 : HasWindowBit)
            | (head.HasGivenCas ? HasGivenCasBit : 0)
            | (head.Flags != 0 ? HasFlagsBit : 0));
        record->_marksAndStamp = (ushort)head.Marks;
        record->_valueLengthAndTags = (uint)head.ValueLength | ((uint)(head.Tags.Length / sizeof(ulong)) << TagCountShift);
        byte* field = (byte*)record + HeaderBytes;
        if (head.ExpiresAt != 0)
        {
            *(long*)field = head.ExpiresAt;
            field += ExpiryBytes;
        }

        if (!head.Window.IsNone)
        {
            *(SlidingWindow*)field = head.Window;
            field += SlidingWindow.Bytes;
        }

        if (head.HasGivenCas)
        {
            *(ulong*)field = head.GivenCas;
            field += GivenCasBytes;
        }

        if (head.Flags != 0)
        {
            *(uint*)field = head.Flags;
            field += FlagsBytes;
        }

        head.Key.CopyTo(new Span<byte>(field, head.Key.Length));
        head.Tags.CopyTo(new Span<byte>(field + head.Key.Length, head.Tags.Length));
    }

    /// <summary>Notes a use.</summary>
    /// <param name="position">The log's.</param>
    /// <param name="stamp"><see cref="SegmentPool.UseStamp"/>.</param>
    /// <param name="marks">Marks to be added.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Use(uint position, ushort stamp, EntryMarks marks = EntryMarks.None)
    {
        LastUse = position;
        _marksAndStamp = (ushort)((_marksAndStamp & MarksMask) | stamp | (ushort)marks);
    }

    /// <summary>Writes the cas and the uses of a new record, of which nothing is there yet.</summary>
    public void Begin(ulong cas, int uses)
    {
        _casAndUses = cas;
        Uses = uses;
    }

    /// <summary>Counts a use.</summary>
    public void CountUse() => Uses = Math.Min(Uses + 1, MaxUses);

    public void MarkDead() => _keyLengthAndBits |= DeadBit;

    private static ulong* GivenCasField(Record* record) => (ulong*)((byte*)record + HeaderBytes
        + (record->HasExpiry ? ExpiryBytes : 0) + (record->HasWindow ? SlidingWindow.Bytes : 0));

    private static SlidingWindow* WindowField(Record* record) =>
        (SlidingWindow*)((byte*)record + HeaderBytes + ExpiryBytes);
}
