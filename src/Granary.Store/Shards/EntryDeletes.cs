using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

/// <summary>Deletes an entry, or leaves it there stale or empty. Each operation takes its shard's lock.</summary>
internal sealed unsafe class EntryDeletes(StoreCore core, Evictor evictor)
{
    public StoreResult Delete(Shard shard, ReadOnlySpan<byte> key, in DeleteOptions options)
    {
        ulong hash = core.KeyHash.Of(key);
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (shard.Gate)
            {
                if (attempts.IsFirst)
                {
                    shard.CountUse(hash, key, isWrite: true);
                }

                StoreResult result = Delete_NeedsLock(shard, hash, key, options);
                if (result != StoreResult.NoRoom)
                {
                    return result;
                }
            }
        }

        return StoreResult.NoRoom;
    }

    private StoreResult Delete_NeedsLock(Shard shard, ulong hash, ReadOnlySpan<byte> key, in DeleteOptions options)
    {
        StoreResult found = EntryWrites.Find(shard, hash, key, out ulong* slot);
        if (found != StoreResult.Success)
        {
            if (found == StoreResult.NotFound)
            {
                shard.Feeds.Missed(hash, key);
            }

            return found;
        }

        if (options.Compare is { } compare && Record.VisibleCas(shard.Index.RecordOf(*slot)) != compare)
        {
            return StoreResult.Exists;
        }

        if (options.DropsValue)
        {
            return TryEmpty(shard, hash, slot, key, options) ? StoreResult.Success : StoreResult.NoRoom;
        }

        if (options.MarksStale)
        {
            return TryMarkStale(shard, hash, slot, options) ? StoreResult.Success : StoreResult.NoRoom;
        }

        shard.Delete(hash, key, slot);
        return StoreResult.Success;
    }

    // The shard's own cas changes in any case, so that nobody takes it for the value that it was.
    private bool TryEmpty(Shard shard, ulong hash, ulong* slot, ReadOnlySpan<byte> key, in DeleteOptions options)
    {
        Record* record = shard.Index.RecordOf(*slot);
        ulong cas = options.NewCas != 0 || options.MarksStale ? options.NewCas : Record.VisibleCas(record);
        var entry = new NewEntry
        {
            Key = key,
            Flags = options.Flags,
            ExpiresAt = (options.Touch ?? Expiration.Never).ToAbsolute(core.Clock),
            Cas = shard.NextCas(),
            HasGivenCas = cas != 0,
            GivenCas = cas,
            Marks = (record->Marks & EntryMarks.BinaryKey) | (options.MarksStale ? EntryMarks.Stale : EntryMarks.None),
            Tags = Record.Tags(record),
            KeepsOldBytes = record->HasTags,
        };
        return shard.TryWrite(hash, slot, entry);
    }

    private bool TryMarkStale(Shard shard, ulong hash, ulong* slot, in DeleteOptions options)
    {
        long expiresAt = options.Touch is { } touch ? touch.ToAbsolute(core.Clock) : 0;
        if (!RecordFields.TryAdd(shard, hash, slot, expiry: expiresAt != 0, givenCas: options.NewCas != 0))
        {
            return false;
        }

        Record* record = shard.Index.RecordOf(*slot);
        record->Marks = (record->Marks | EntryMarks.Stale) & ~EntryMarks.TokenOut;
        record->Cas = shard.NextCas();
        if (record->HasGivenCas)
        {
            Record.SetGivenCas(record, options.NewCas);
        }

        if (options.Touch is not null && record->HasExpiry)
        {
            shard.SetExpiry(hash, *slot, expiresAt);
        }

        shard.Feeds.Changed(hash, Record.Key(record));
        return true;
    }
}
