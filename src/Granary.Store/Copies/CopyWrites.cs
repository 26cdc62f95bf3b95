using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.Memory;
using Granary.Store.Namespaces;
using Granary.Store.Shards;

namespace Granary.Store.Copies;

// A frame is checked to its end before anything of it is applied. Then its records are applied in order, each under the
// shard's lock. What a record says of a key replaces what the copy has: where there is no room for the new, the old goes
// nevertheless, because an old value is worse than none.
//
// An entry that was changed while the feed was open is a write like any other: it goes to a lane, and the log grows. One
// that the scan has found was written long ago: it goes to the bins of its age, and nothing here ages because of it.

/// <summary>Applies the frames of other stores' feeds to closed shards.</summary>
internal sealed unsafe class CopyWrites(
    StoreCore core, Evictor evictor, LongValues longValues, HeldNamespaces namespaces, int maxValueBytes)
{
    public ApplyResult Apply(Shard shard, int number, ReadOnlySpan<byte> frame)
    {
        lock (shard.Copy.Gate)
        {
            if (shard.IsOpen)
            {
                return new ApplyResult(ApplyOutcome.NotClosed, 0, 0, false, 0);
            }

            ApplyOutcome outcome = Check(shard, number, frame, out FrameHeader header);
            return outcome == ApplyOutcome.Applied
                ? Apply_NeedsLock(shard, header, frame)
                : new ApplyResult(outcome, 0, 0, false, 0);
        }
    }

    private static ApplyOutcome Check(Shard shard, int number, ReadOnlySpan<byte> frame, out FrameHeader header)
    {
        header = default;
        if (!FrameHeader.HasKnownVersion(frame))
        {
            return ApplyOutcome.UnknownVersion;
        }

        if (!FrameHeader.TryRead(frame, out header) || header.Shard != number)
        {
            return ApplyOutcome.Malformed;
        }

        FrameReader reader = ReaderOf(shard, header, frame);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryRead(out FrameRecord record)
                || record.Info.Cas >= header.Marks.NextCas
                || record.BelowCas > header.Marks.NextCas)
            {
                return ApplyOutcome.Malformed;
            }
        }

        return ApplyOutcome.Applied;
    }

    private static FrameReader ReaderOf(Shard shard, in FrameHeader header, ReadOnlySpan<byte> frame)
    {
        ArrivingValue? arriving = header.Clears ? null : shard.Copy.Arriving;
        return new FrameReader(frame, header, arriving?.Info.ValueLength ?? 0, arriving?.Received ?? 0);
    }

    private ApplyResult Apply_NeedsLock(Shard shard, in FrameHeader header, ReadOnlySpan<byte> frame)
    {
        if (header.Clears)
        {
            shard.Copy.DropArriving_NeedsLock();
        }

        lock (shard.Gate)
        {
            shard.Feeds.Break();
            shard.TakeMarks(header.Marks, header.Clears);
        }

        uint ageSpan = AgeSpan(header.LogBytes);
        int entries = 0;
        int dropped = 0;
        FrameReader reader = ReaderOf(shard, header, frame);
        while (!reader.IsAtEnd && reader.TryRead(out FrameRecord record))
        {
            switch (record.Kind)
            {
                case FrameRecordKind.Entry:
                    Count(Put(shard, record, ageSpan), ref entries, ref dropped);
                    break;
                case FrameRecordKind.LongEntry:
                    Begin(shard, record);
                    break;
                case FrameRecordKind.Part:
                    if (AddPart(shard, record.Value))
                    {
                        Count(Commit(shard, ageSpan), ref entries, ref dropped);
                    }

                    break;
                case FrameRecordKind.TagDrop or FrameRecordKind.PrefixDrop:
                    Drop(shard, record);
                    break;
                default:
                    Remove(shard, record.Key);
                    break;
            }
        }

        return new ApplyResult(ApplyOutcome.Applied, entries, dropped, header.IsScanned, header.CoveredChanges);
    }

    private static void Count(bool isIn, ref int entries, ref int dropped)
    {
        entries += isIn ? 1 : 0;
        dropped += isIn ? 0 : 1;
    }

    // While there is room nothing is known of what will be evicted next: then the sender's ages are all there is.
    private uint AgeSpan(long senderLogBytes)
    {
        SegmentPool pool = core.Pool;
        uint own = pool.Position - pool.OldestRank;
        return Math.Max(pool.HasEvicted ? own : Math.Max(own, pool.PositionsOf(senderLogBytes)), 1);
    }

    private bool Put(Shard shard, in FrameRecord record, uint ageSpan)
    {
        if (record.Value.Length > maxValueBytes)
        {
            Remove(shard, record.Key);
            return false;
        }

        NewEntry entry = EntryOf(record, ageSpan);
        if (entry.RecordBytes > core.Pool.MaxRecordBytes)
        {
            Begin(shard, record);
            AddPart(shard, record.Value);
            return Commit(shard, ageSpan);
        }

        return Write(shard, entry);
    }

    private NewEntry EntryOf(in FrameRecord record, uint ageSpan) => new()
    {
        Key = record.Key,
        First = record.Value,
        Flags = record.Info.Flags,
        ExpiresAt = record.Info.ExpiresAt,
        Window = record.Window,
        Cas = record.Info.Cas,
        HasGivenCas = record.GivenCas != 0,
        GivenCas = record.GivenCas,
        Marks = record.Marks,
        Tags = record.Tags,
        Age = core.Pool.PositionsOf(record.Age),
        AgeSpan = ageSpan,
        IsOld = !record.IsChange,
    };

    private bool Write(Shard shard, in NewEntry entry)
    {
        ulong hash = core.KeyHash.Of(entry.Key);
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (shard.Gate)
            {
                ulong* slot = shard.FindCopied(hash, entry.Key);
                if (shard.IsGone(entry.Cas, entry.ExpiresAt))
                {
                    Drop(shard, slot);
                    return true;
                }

                if (shard.TryPlace(hash, slot, entry))
                {
                    return true;
                }
            }
        }

        Remove(shard, entry.Key);
        return false;
    }

    // The older version goes at once: the copy may be opened before all parts are here.
    private void Begin(Shard shard, in FrameRecord record)
    {
        Remove(shard, record.Key);
        EntryInfo info = record.Info;
        StagedValue? staged = null;
        if (info.ValueLength <= maxValueBytes)
        {
            staged = longValues.Stage(
                record.Key, info.ValueLength, info.Flags, info.ExpiresAt, record.Window, record.Tags);
            staged.GivenCas = record.GivenCas;
            staged.Marks = record.Marks;
        }

        shard.Copy.Arriving = new ArrivingValue(info, record.Window, record.IsChange, record.Age, staged);
    }

    // Whether it was the last one.
    private static bool AddPart(Shard shard, ReadOnlySpan<byte> part)
    {
        ArrivingValue arriving = shard.Copy.Arriving!;
        arriving.Add(part);
        return arriving.Received == arriving.Info.ValueLength;
    }

    private bool Commit(Shard shard, uint ageSpan)
    {
        using ArrivingValue arriving = shard.Copy.Arriving!;
        shard.Copy.Arriving = null;
        if (arriving.Staged is not { } staged)
        {
            return false;
        }

        if (staged.RecordBytes > core.Pool.MaxRecordBytes)
        {
            return staged.TryWriteHead(core.Clock) && Publish(shard, arriving, staged);
        }

        var whole = new FrameRecord
        {
            Key = staged.Key,
            Value = staged.ShortValue,
            Info = arriving.Info,
            GivenCas = staged.GivenCas,
            Marks = staged.Marks,
            Tags = staged.Tags,
            Window = arriving.Window,
            IsChange = arriving.IsChange,
            Age = arriving.Age,
        };
        return Write(shard, EntryOf(whole, ageSpan));
    }

    private bool Publish(Shard shard, ArrivingValue arriving, StagedValue staged)
    {
        ulong hash = core.KeyHash.Of(staged.Key);
        uint age = core.Pool.PositionsOf(arriving.Age);
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (shard.Gate)
            {
                ulong* slot = shard.FindCopied(hash, staged.Key);
                if (shard.IsGone(arriving.Info.Cas, arriving.Info.ExpiresAt)
                    || shard.TryPlace(hash, slot, staged, arriving.Info.Cas, age, advances: arriving.IsChange))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void Remove(Shard shard, ReadOnlySpan<byte> key)
    {
        ulong hash = core.KeyHash.Of(key);
        lock (shard.Gate)
        {
            Drop(shard, shard.FindCopied(hash, key));
        }
    }

    private void Drop(Shard shard, in FrameRecord drop)
    {
        lock (shard.Gate)
        {
            if (drop.Kind == FrameRecordKind.PrefixDrop)
            {
                namespaces.Drop_NeedsLock(shard, drop.Value, drop.BelowCas);
            }
            else
            {
                shard.DropTag(BitConverter.ToUInt64(drop.Tags), drop.BelowCas);
            }
        }
    }

    private static void Drop(Shard shard, ulong* slot)
    {
        if (slot != null)
        {
            shard.Drop(slot);
        }
    }
}
