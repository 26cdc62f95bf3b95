using System.Buffers.Binary;
using System.Numerics;
using Granary.Store.Entries;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

// Keys in the order of their hashes with the bits read backwards. A bucket is the low bits of a hash, so in that order the
// keys of a bucket lie together, however many buckets there are: the index may grow and shrink between two pages, and no key
// that is there all the time is missed or comes twice. Redis' SCAN counts backwards for the same reason (dict.c, dictScan).
// Another store has another order; there the walk begins anew.

/// <summary>A walk over a shard's keys in pages, while others change it. Takes the shard's lock for each page.</summary>
internal sealed unsafe class KeyScan(StoreCore core)
{
    // Of a store, as Next of its positions is: it must not tell the hash's seed.
    private readonly ulong _origin = core.KeyHash.Of("granary.scan"u8);

    /// <param name="shard">The shard.</param>
    /// <param name="prefix">What the keys begin with.</param>
    /// <param name="position">Where the page begins, then where the next one does.</param>
    /// <param name="maxEntries">How many entries to look at, and a bucket's more.</param>
    /// <param name="keys">Gets the keys.</param>
    /// <returns>Success or NotOpen.</returns>
    public StoreResult Read(
        Shard shard, ReadOnlySpan<byte> prefix, ref ScanPosition position, int maxEntries, ICollection<byte[]> keys)
    {
        ulong next = position.Origin == _origin ? position.Next : 0;
        lock (shard.Gate)
        {
            if (!shard.IsServed)
            {
                return StoreResult.NotOpen;
            }

            bool isEnd;
            do
            {
                maxEntries -= ReadBucket(shard, prefix, next, keys, out ulong end);
                next = end;
                isEnd = end == 0;
            }
            while (!isEnd && maxEntries > 0);

            position = new ScanPosition(_origin, next, isEnd);
            return StoreResult.Success;
        }
    }

    // The bucket in which the position lies, from there on. An empty one counts as well: a page must end.
    private int ReadBucket(
        Shard shard, ReadOnlySpan<byte> prefix, ulong next, ICollection<byte[]> keys, out ulong end)
    {
        IndexShape shape = shard.Index.Shape;
        int bucket = shape.BucketOf(Reverse(next));
        end = unchecked(Reverse((ulong)bucket) + (1UL << (64 - BitOperations.Log2((uint)shape.ModulusOf(bucket)))));
        int looked = 1;
        int place = 0;
        for (ulong slot; (slot = shard.Index.NextEntry(bucket, ref place)) != 0; place++, looked++)
        {
            Record* record = shard.Index.RecordOf(slot);
            ReadOnlySpan<byte> key = Record.Key(record);
            if (key.StartsWith(prefix) && !shard.IsGone(record) && Reverse(core.KeyHash.Of(key)) >= next)
            {
                keys.Add(key.ToArray());
            }
        }

        return looked;
    }

    private static ulong Reverse(ulong bits)
    {
        bits = ((bits >> 1) & 0x5555_5555_5555_5555) | ((bits & 0x5555_5555_5555_5555) << 1);
        bits = ((bits >> 2) & 0x3333_3333_3333_3333) | ((bits & 0x3333_3333_3333_3333) << 2);
        bits = ((bits >> 4) & 0x0F0F_0F0F_0F0F_0F0F) | ((bits & 0x0F0F_0F0F_0F0F_0F0F) << 4);
        return BinaryPrimitives.ReverseEndianness(bits);
    }
}
