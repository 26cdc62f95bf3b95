using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Granary.Store.Entries;

namespace Granary.Store.Memory;

/// <summary>
/// The head of a record: an entry's bytes in a segment. 24 bytes, then the optional fields, key, value, padding to 8.
/// <code>
///  0        2        4        6        8            12           16            24
///  | units  | shard  | key    | (zero) | value      | last use   | cas         | expiry? window? flags? key value pad
/// </code>
/// </summary>
/// <remarks>
/// What has a window (<see cref="SlidingWindow"/>, 16 bytes) has an expiry as well.
/// <see cref="Units"/> and <see cref="Shard"/> are written under the lane's lock when the record is allocated and never
/// change; all else is read and written under the shard's lock.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Record
{
    public const int HeaderBytes = 24;
    public const int UnitBytes = 8;
    public const int MaxUnits = ushort.MaxValue;

    private const int ExpiryBytes = 8;
    private const int FlagsBytes = 4;
    private const ushort KeyLengthMask = 0x07FF;
    private const ushort HasExpiryBit = 0x1000;
    private const ushort HasFlagsBit = 0x2000;
    private const ushort DeadBit = 0x4000;
    private const ushort HasWindowBit = 0x8000;

    // Each of the bits is so many places above the one that is its field's length.
    private const int ExpiryShift = 9;
    private const int OthersShift = 11;

    /// <summary>Length of the record in units of 8 bytes; 0 for a record that is chained over whole segments.</summary>
    public ushort Units;
    public ushort Shard;
    private ushort _keyLengthAndBits;
#pragma warning disable CS0169, IDE0051 // keeps the 4-byte fields aligned
    private readonly ushort _reserved;
#pragma warning restore CS0169, IDE0051
    public int ValueLength;

    /// <summary>The log's position when the entry was used last.</summary>
    public uint LastUse;
    public ulong Cas;

    public readonly int KeyLength => _keyLengthAndBits & KeyLengthMask;

    public readonly bool HasExpiry => (_keyLengthAndBits & HasExpiryBit) != 0;

    public readonly bool HasFlags => (_keyLengthAndBits & HasFlagsBit) != 0;

    public readonly bool HasWindow => (_keyLengthAndBits & HasWindowBit) != 0;

    public readonly bool IsDead => (_keyLengthAndBits & DeadBit) != 0;

    public readonly bool IsChained => Units == 0;

    /// <summary>Where the key begins, from the record's first byte. Without a branch: every look-up needs it.</summary>
    public readonly int KeyOffset => HeaderBytes
        + ((_keyLengthAndBits >> ExpiryShift) & ExpiryBytes)
        + ((_keyLengthAndBits >> OthersShift) & (FlagsBytes | SlidingWindow.Bytes));

    public readonly int ValueOffset => KeyOffset + KeyLength;

    public static long BytesFor(int keyLength, long valueLength, bool hasExpiry, bool hasWindow, bool hasFlags) =>
        (HeaderBytes + (hasExpiry ? ExpiryBytes : 0) + (hasWindow ? SlidingWindow.Bytes : 0)
            + (hasFlags ? FlagsBytes : 0) + keyLength + valueLength + UnitBytes - 1) & ~(long)(UnitBytes - 1);

    /// <summary>Bytes that a record takes, in one segment or in several.</summary>
    public static long BytesOf(Record* record) => record->IsChained
        ? BytesFor(record->KeyLength, record->ValueLength, record->HasExpiry, record->HasWindow, record->HasFlags)
        : record->Units * UnitBytes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Key(Record* record) =>
        new((byte*)record + record->KeyOffset, record->KeyLength);

    /// <summary>The value of a record that lies in one segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Span<byte> Value(Record* record) =>
        new((byte*)record + record->ValueOffset, record->ValueLength);

    public static long Expiry(Record* record) =>
        record->HasExpiry ? *(long*)((byte*)record + HeaderBytes) : 0;

    public static void SetExpiry(Record* record, long expiresAt) => *(long*)((byte*)record + HeaderBytes) = expiresAt;

    public static SlidingWindow Window(Record* record) => record->HasWindow ? *WindowField(record) : default;

    /// <summary>Reads put the expiry of a record that has a window off no more. The field stays.</summary>
    public static void EndWindow(Record* record) => *WindowField(record) = default;

    public static uint Flags(Record* record) =>
        record->HasFlags ? *(uint*)((byte*)record + record->KeyOffset - FlagsBytes) : 0;

    /// <summary>Writes all but units, shard, cas, last use and value.</summary>
    public static void WriteHead(
        Record* record, ReadOnlySpan<byte> key, int valueLength, uint flags, long expiresAt, in SlidingWindow window)
    {
        Debug.Assert(window.IsNone || expiresAt != 0, "What has a window expires.");
        record->_keyLengthAndBits = (ushort)(key.Length
            | (expiresAt != 0 ? HasExpiryBit : 0)
            | (window.IsNone ? 0 : HasWindowBit)
            | (flags != 0 ? HasFlagsBit : 0));
        record->ValueLength = valueLength;
        byte* field = (byte*)record + HeaderBytes;
        if (expiresAt != 0)
        {
            *(long*)field = expiresAt;
            field += ExpiryBytes;
        }

        if (!window.IsNone)
        {
            *(SlidingWindow*)field = window;
            field += SlidingWindow.Bytes;
        }

        if (flags != 0)
        {
            *(uint*)field = flags;
            field += FlagsBytes;
        }

        key.CopyTo(new Span<byte>(field, key.Length));
    }

    public void MarkDead() => _keyLengthAndBits |= DeadBit;

    private static SlidingWindow* WindowField(Record* record) =>
        (SlidingWindow*)((byte*)record + HeaderBytes + ExpiryBytes);
}
