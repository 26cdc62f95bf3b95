using System.Buffers.Binary;
using Granary.Store.Memory;
using Granary.Store.Shards;

namespace Granary.Store.Copies;

/// <summary>
/// The head of a frame: what the copy is when the frame is applied. 48 bytes, little-endian, then the records.
/// <code>
///  0         1       2       4        8         16         24              32         40
///  | version | flags | shard | length | changes | next cas | flushed below | flush at | log bytes | records
/// </code>
/// </summary>
internal readonly record struct FrameHeader
{
    public const int Bytes = 48;

    // A frame is of the second version if an entry in it has a window, of the third if one has a mark, of the fourth if one
    // has a tag, of the fifth if a prefix was dropped, so that older builds read all others.
    public const byte FirstVersion = 1;
    public const byte WindowVersion = 2;
    public const byte MarkVersion = 3;
    public const byte TagVersion = 4;
    public const byte PrefixVersion = 5;

    private const byte ClearsFlag = 1;
    private const byte IsScannedFlag = 2;

    /// <summary>What entries of the frame may have.</summary>
    public byte Version { get; init; }

    public bool MayHaveWindows => Version >= WindowVersion;

    public bool MayHaveMarks => Version >= MarkVersion;

    public bool MayHaveTags => Version >= TagVersion;

    public bool MayHavePrefixes => Version >= PrefixVersion;

    public int Shard { get; init; }

    /// <summary>The copy forgets everything before it applies the frame: the feed begins.</summary>
    public bool Clears { get; init; }

    /// <summary>With this frame every entry has been sent.</summary>
    public bool IsScanned { get; init; }

    /// <summary>With this frame all changes up to this one have been sent.</summary>
    public long CoveredChanges { get; init; }

    public ShardMarks Marks { get; init; }

    /// <summary>Bytes of the sender's log from its oldest entry on.</summary>
    public long LogBytes { get; init; }

    /// <summary>Whether a frame has a version that can be read.</summary>
    public static bool HasKnownVersion(ReadOnlySpan<byte> frame) =>
        frame is [>= FirstVersion and <= PrefixVersion, ..];

    /// <returns><see langword="false"/> if it makes no sense, or does not fit the frame's length.</returns>
    public static bool TryRead(ReadOnlySpan<byte> frame, out FrameHeader header)
    {
        header = default;
        if (frame.Length < Bytes
            || !HasKnownVersion(frame)
            || (frame[1] & ~(ClearsFlag | IsScannedFlag)) != 0
            || BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]) != frame.Length)
        {
            return false;
        }

        header = new FrameHeader
        {
            Version = frame[0],
            Shard = BinaryPrimitives.ReadUInt16LittleEndian(frame[2..]),
            Clears = (frame[1] & ClearsFlag) != 0,
            IsScanned = (frame[1] & IsScannedFlag) != 0,
            CoveredChanges = BinaryPrimitives.ReadInt64LittleEndian(frame[8..]),
            Marks = new ShardMarks(
                BinaryPrimitives.ReadUInt64LittleEndian(frame[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(frame[24..]),
                BinaryPrimitives.ReadInt64LittleEndian(frame[32..])),
            LogBytes = BinaryPrimitives.ReadInt64LittleEndian(frame[40..]),
        };
        return header is { CoveredChanges: >= 0, LogBytes: >= 0, Marks.FlushAt: >= 0 }
            && header.Marks.FlushedBelowCas <= header.Marks.NextCas
            && header.Marks.NextCas <= Record.GreatestCas;
    }

    public void Write(Span<byte> frame, int length)
    {
        frame[0] = Version;
        frame[1] = (byte)((Clears ? ClearsFlag : 0) | (IsScanned ? IsScannedFlag : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(frame[2..], (ushort)Shard);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], length);
        BinaryPrimitives.WriteInt64LittleEndian(frame[8..], CoveredChanges);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[16..], Marks.NextCas);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[24..], Marks.FlushedBelowCas);
        BinaryPrimitives.WriteInt64LittleEndian(frame[32..], Marks.FlushAt);
        BinaryPrimitives.WriteInt64LittleEndian(frame[40..], LogBytes);
    }
}
