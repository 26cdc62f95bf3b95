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
                shard.CountMiss();
                return StoreResult.NotFound;
            }

            Hand(shard, *slot, ref sink);
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
                    Hand(shard, *slot, ref sink);
                }
                else if (result == StoreResult.NotFound)
                {
                    shard.CountMiss();
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

    private void Hand<TSink>(Shard shard, ulong slot, ref TSink sink)
        where TSink : struct, IEntrySink, allows ref struct
    {
        Record* record = shard.Index.RecordOf(slot);
        shard.CountHit(record);
        EntryInfo info = Shard.InfoOf(record);
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
        record->LastUse = core.Pool.Position;
        if (record->HasExpiry)
        {
            shard.SetExpiry(hash, *slot, expiresAt);
            return StoreResult.Success;
        }

        if (expiresAt == 0)
        {
            return StoreResult.Success;
        }

        var entry = new NewEntry
        {
            Key = key,
            First = Record.Value(record),
            Flags = Record.Flags(record),
            ExpiresAt = expiresAt,
            Cas = record->Cas,
            KeepsOldBytes = true,
        };
        return shard.TryWrite(hash, slot, entry) ? StoreResult.Success : StoreResult.NoRoom;
    }
}
