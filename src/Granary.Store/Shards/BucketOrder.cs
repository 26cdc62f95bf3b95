using System.Buffers.Binary;
using System.Numerics;

namespace Granary.Store.Shards;

// Hashes in the order of their bits read backwards. A bucket is the low bits of a hash, so in that order the entries of a
// bucket lie together, however many buckets there are: the index may grow and shrink between two steps of a walk, and no
// entry that is there all the time is missed or comes twice. Redis' SCAN counts backwards for the same reason (dict.c,
// dictScan).

/// <summary>The order of a walk over an index that changes on the way.</summary>
internal static class BucketOrder
{
    /// <summary>The bucket in which a position of the order lies.</summary>
    /// <param name="shape">The index's, now.</param>
    /// <param name="position">The position; the first one is 0.</param>
    /// <param name="end">Where the next bucket begins; 0: there is none.</param>
    public static int BucketAt(in IndexShape shape, ulong position, out ulong end)
    {
        int bucket = shape.BucketOf(Reverse(position));
        end = unchecked(Reverse((ulong)bucket) + (1UL << (64 - BitOperations.Log2((uint)shape.ModulusOf(bucket)))));
        return bucket;
    }

    /// <summary>The position of a hash.</summary>
    public static ulong PositionOf(ulong hash) => Reverse(hash);

    private static ulong Reverse(ulong bits)
    {
        bits = ((bits >> 1) & 0x5555_5555_5555_5555) | ((bits & 0x5555_5555_5555_5555) << 1);
        bits = ((bits >> 2) & 0x3333_3333_3333_3333) | ((bits & 0x3333_3333_3333_3333) << 2);
        bits = ((bits >> 4) & 0x0F0F_0F0F_0F0F_0F0F) | ((bits & 0x0F0F_0F0F_0F0F_0F0F) << 4);
        return BinaryPrimitives.ReverseEndianness(bits);
    }
}
