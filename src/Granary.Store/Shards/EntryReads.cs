using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

/// <summary>The operations that read an entry, or change when it expires. Each takes its shard's lock.</summary>
internal sealed unsafe class EntryReads(StoreCore core, Evictor evictor)
{
    public StoreResult Get<TSink>(Shard shard, ReadOnlySpan<byte> key, ref TSink sink)
        where TSink : struct, IEntrySink, allows ref struct
    {
        ulong hash = core.KeyHash.Of(key);
        lock (shard.Gate)
        {
            shard.CountUse(hash, key, isWrite: false);
            if (!shard.IsServed)
            {
                return StoreResult.NotOpen;
            }

            ulong* slot = shard.Find(hash, key);
            if (slot == null)
            {
                shard.Counters.CountMiss(hash);
                return StoreResult.NotFound;
            }

            Hand(shard, hash, *slot, ref sink);
            return StoreResult.Success;
        }
    }

    public StoreResult GetAndTouch<TSink>(
        Shard shard, ReadOnlySpan<byte> key, Expiration expiration, ref TSink sink)
        where TSink : struct, IEntrySink, allows ref struct
    {
        ulong hash = core.KeyHash.Of(key);
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (shard.Gate)
            {
                StoreResult result = Touch_NeedsLock(
                    shard, hash, key, expiration, attempts.IsFirst, out ulong* slot);
                if (result == StoreResult.Success)
                {
                    Hand(shard, hash, *slot, ref sink);
                }
                else if (result == StoreResult.NotFound)
                {
                    shard.Counters.CountMiss(hash);
                }

                if (result != StoreResult.NoRoom)
                {
                    return result;
                }
            }
        }

        return StoreResult.NoRoom;
    }

    public StoreResult Touch(Shard shard, ReadOnlySpan<byte> key, Expiration expiration)
    {
        ulong hash = core.KeyHash.Of(key);
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (shard.Gate)
            {
                StoreResult result = Touch_NeedsLock(shard, hash, key, expiration, attempts.IsFirst, out _);
                if (result != StoreResult.NoRoom)
                {
                    return result;
                }
            }
        }

        return StoreResult.NoRoom;
    }

    /// <summary>
    /// An entry that has a field for a window was read: it expires later than it did, or earlier if it was a copy before.
    /// </summary>
    public void PutOff(Shard shard, ulong hash, ulong slot)
    {
        Record* record = shard.Index.RecordOf(slot);
        SlidingWindow window = Record.Window(record);
        if (window.IsNone)
        {
            return;
        }

        long before = Record.Expiry(record);
        long after = window.ExpiryAfter(core.Clock.UnixMilliseconds);
        Record.SetExpiry(record, after);
        core.Pool.NoteExpiry(IndexEntry.LocationOf(slot).Segment, after);
        if (window.ExpiryOfCopy(after) != window.ExpiryOfCopy(before))
        {
            shard.Feeds.Changed(hash, Record.Key(record), Record.VisibleCas(record));
        }
    }

    private void Hand<TSink>(Shard shard, ulong hash, ulong slot, ref TSink sink)
        where TSink : struct, IEntrySink, allows ref struct
    {
        Record* record = shard.Index.RecordOf(slot);
        shard.CountHit(hash, record);
        if (record->HasWindow)
        {
            PutOff(shard, hash, slot);
        }

        EntryInfo info = EntryInfo.Of(record);
        if (record->IsChained)
        {
            int segment = IndexEntry.LocationOf(slot).Segment;
            sink.Accept(info, new PinnedValue(core.Pool, segment, record->ValueOffset, record->ValueLength));
        }
        else
        {
            sink.Accept(info, Record.Value(record));
        }
    }

    // A record that has a field for the expiry keeps it; one that has none is written anew, with the same cas.
    private StoreResult Touch_NeedsLock(
        Shard shard, ulong hash, ReadOnlySpan<byte> key, Expiration expiration, bool isFirst, out ulong* slot)
    {
        if (isFirst)
        {
            shard.CountUse(hash, key, isWrite: false); // its value stays
        }

        slot = null;
        if (!shard.IsServed)
        {
            return StoreResult.NotOpen;
        }

        slot = shard.Find(hash, key);
        if (slot == null)
        {
            return StoreResult.NotFound;
        }

        long expiresAt = expiration.ToAbsolute(core.Clock);
        Record* record = shard.Index.RecordOf(*slot);
        shard.Use(record, EntryMarks.Fetched);
        if (!record->HasExpiry && expiresAt == 0)
        {
            return StoreResult.Success;
        }

        if (!RecordFields.TryAdd(shard, hash, slot, expiry: true, givenCas: false))
        {
            return StoreResult.NoRoom;
        }

        shard.SetExpiry(hash, *slot, expiresAt);
        return StoreResult.Success;
    }
}
