using System.Runtime.CompilerServices;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

/// <summary>
/// One slot of the index, 64 bits; 0 is empty.
/// <code> tag 20 | present 1 | segment 24 | offset 19, in units of 8 bytes </code>
/// The tag is the top of the key's hash: with 7 slots a bucket, one look-up in 150,000 compares a wrong key.
/// </summary>
internal static class IndexEntry
{
    private const int OffsetBits = 19;
    private const int SegmentBits = 24;
    private const int TagShift = 44;
    private const ulong Present = 1UL << 43;
    private const ulong TagMask = ~0UL << TagShift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // benchmark kv
    public static ulong Tag(ulong hash) => (hash & TagMask) | Present;

    /// <summary>Whether the slot's tag is this one (<see cref="Tag"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // benchmark kv
    public static bool HasTag(ulong slot, ulong tag) => ((slot ^ tag) & (TagMask | Present)) == 0;

    public static ulong Make(ulong hash, Location location) =>
        Tag(hash) | ((ulong)(uint)location.Segment << OffsetBits) | ((ulong)(uint)location.Offset / Record.UnitBytes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // benchmark kv
    public static Location LocationOf(ulong slot) => new(
        (int)(slot >> OffsetBits) & ((1 << SegmentBits) - 1),
        (int)(slot & ((1 << OffsetBits) - 1)) * Record.UnitBytes);
}
