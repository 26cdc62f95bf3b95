using Granary.Store.Entries;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

// In the order of buckets. Another store has another order; there the walk begins anew.

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
        int bucket = BucketOrder.BucketAt(shard.Index.Shape, next, out end);
        int looked = 1;
        int place = 0;
        for (ulong slot; (slot = shard.Index.NextEntry(bucket, ref place)) != 0; place++, looked++)
        {
            Record* record = shard.Index.RecordOf(slot);
            ReadOnlySpan<byte> key = Record.Key(record);
            if (key.StartsWith(prefix) && !shard.IsGone(record) && BucketOrder.PositionOf(core.KeyHash.Of(key)) >= next)
            {
                keys.Add(key.ToArray());
            }
        }

        return looked;
    }
}
