using System.Runtime.InteropServices;
using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

/// <summary>Reads that tell all of an entry, and may touch it, create it, or give out its token. Each takes a lock.</summary>
internal sealed unsafe class DetailedReads(StoreCore core, Evictor evictor, EntryReads reads)
{
    public StoreResult Read<TSink>(Shard shard, ReadOnlySpan<byte> key, in ReadOptions options, ref TSink sink)
        where TSink : struct, IReadSink, allows ref struct
    {
        ulong hash = core.KeyHash.Of(key);
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (shard.Gate)
            {
                if (attempts.IsFirst && !options.IsInspection)
                {
                    shard.CountUse(hash, key, isWrite: false);
                }

                StoreResult result = Read_NeedsLock(shard, hash, key, options, ref sink);
                if (result != StoreResult.NoRoom)
                {
                    return result;
                }
            }
        }

        return StoreResult.NoRoom;
    }

    private StoreResult Read_NeedsLock<TSink>(
        Shard shard, ulong hash, ReadOnlySpan<byte> key, in ReadOptions options, ref TSink sink)
        where TSink : struct, IReadSink, allows ref struct
    {
        StoreResult found = EntryWrites.Find(shard, hash, key, out ulong* slot);
        switch (found)
        {
            case StoreResult.Success:
                return Hand(shard, hash, slot, options, ref sink);
            case StoreResult.NotFound when options.Creation is { } creation:
                return Create(shard, hash, key, creation, options, ref sink);
            case StoreResult.NotFound when !options.IsInspection:
                shard.Counters.CountMiss(hash);
                return found;
            default:
                return found;
        }
    }

    private StoreResult Hand<TSink>(Shard shard, ulong hash, ulong* slot, in ReadOptions options, ref TSink sink)
        where TSink : struct, IReadSink, allows ref struct
    {
        Record* record = shard.Index.RecordOf(*slot);
        if (options.WantsValue && !sink.Takes(record->ValueLength, record->IsChained))
        {
            return StoreResult.Declined;
        }

        long touched = options.Touch is { } touch ? touch.ToAbsolute(core.Clock) : 0;
        if (!RecordFields.TryAdd(shard, hash, slot, expiry: touched != 0, givenCas: false))
        {
            return StoreResult.NoRoom;
        }

        record = shard.Index.RecordOf(*slot);
        EntryDetails details = options.Watches
            ? Watch(shard, hash, record, Describe(record, options, touched))
            : Describe(record, options, touched);

        Change(shard, hash, *slot, options, touched, details.HasWon);
        if (options.WantsValue && record->IsChained)
        {
            int segment = IndexEntry.LocationOf(*slot).Segment;
            sink.Accept(details, new PinnedValue(core.Pool, segment, record->ValueOffset, record->ValueLength));
        }
        else
        {
            sink.Accept(details, options.WantsValue ? Record.Value(record) : ReadOnlySpan<byte>.Empty);
        }

        return StoreResult.Success;
    }

    private EntryDetails Describe(Record* record, in ReadOptions options, long touched)
    {
        EntryInfo entry = EntryInfo.Of(record);
        EntryMarks marks = record->Marks;
        long expiresAt = options is { RefreshesAfterTouch: true, Touch: not null } ? touched : entry.ExpiresAt;
        return new EntryDetails
        {
            Entry = entry,
            Marks = marks,
            SecondsUnused = options.WantsUse ? core.LastUses.SecondsSince(record->LastUse, record->UseStamp) : 0,
            RecordBytes = (int)Record.BytesOf(record),
            HasWon = !options.IsInspection && !options.Watches && !options.TakesNoToken
                && (marks & EntryMarks.TokenOut) == EntryMarks.None
                && ((marks & EntryMarks.Stale) != EntryMarks.None
                    || (options.Refresh is { } refresh && IsDue(expiresAt, refresh))),
        };
    }

    private EntryDetails Watch(Shard shard, ulong hash, Record* record, in EntryDetails details)
    {
        ReadOnlySpan<byte> tags = Record.Tags(record);
        return (details.Marks & EntryMarks.Stale) == EntryMarks.None
            && shard.Marks.FlushAt == 0
            && core.Changes.TryWatch(hash, tags)
            ? details with { IsWatched = true, Tags = MemoryMarshal.Cast<byte, ulong>(tags).ToArray() }
            : details;
    }

    private bool IsDue(long expiresAt, Expiration refresh)
    {
        long now = core.Clock.UnixMilliseconds;
        return expiresAt != 0
            && Expiration.SecondsLeft(expiresAt, now) < Expiration.SecondsLeft(refresh.ToAbsolute(core.Clock), now);
    }

    private void Change(Shard shard, ulong hash, ulong slot, in ReadOptions options, long touched, bool hasWon)
    {
        Record* record = shard.Index.RecordOf(slot);
        if (hasWon)
        {
            record->Marks |= EntryMarks.TokenOut;
            shard.Feeds.Changed(hash, Record.Key(record));
        }

        if (options.Touch is not null && record->HasExpiry)
        {
            shard.SetExpiry(hash, slot, touched);
        }

        if (!options.IsNoUse)
        {
            shard.CountHit(hash, record);
            if (record->HasWindow)
            {
                reads.PutOff(shard, hash, slot);
            }
        }
        else if (!options.IsInspection)
        {
            shard.Counters.CountHit(hash);
        }
    }

    private StoreResult Create<TSink>(
        Shard shard,
        ulong hash,
        ReadOnlySpan<byte> key,
        Expiration creation,
        in ReadOptions options,
        ref TSink sink)
        where TSink : struct, IReadSink, allows ref struct
    {
        EntryMarks marks = options.HasBinaryKey ? EntryMarks.BinaryKey : EntryMarks.None;
        var entry = new NewEntry
        {
            Key = key,
            ExpiresAt = creation.ToAbsolute(core.Clock, out SlidingWindow window),
            Window = window,
            Cas = shard.NextCas(),
            HasGivenCas = options.NewCas != 0,
            GivenCas = options.NewCas,
            Marks = marks | EntryMarks.TokenOut | (options.IsNoUse ? EntryMarks.None : EntryMarks.Fetched),
        };
        if (!shard.TryWrite(hash, slot: null, entry))
        {
            return StoreResult.NoRoom;
        }

        shard.Counters.CountHit(hash);
        var details = new EntryDetails
        {
            Entry = new EntryInfo(0, 0, entry.VisibleCas, 0),
            Marks = marks,
            RecordBytes = (int)entry.RecordBytes,
            IsCreated = true,
            HasWon = true,
        };
        sink.Accept(details, ReadOnlySpan<byte>.Empty);
        return StoreResult.Success;
    }
}
