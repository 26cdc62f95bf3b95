using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

/// <summary>The operations that change a value. Each takes its shard's lock.</summary>
internal sealed unsafe class EntryWrites(StoreCore core, Evictor evictor, int maxValueBytes)
{
    public StoreResult Delete(Shard shard, ReadOnlySpan<byte> key)
    {
        ulong hash = core.KeyHash.Of(key);
        lock (shard.Gate)
        {
            shard.CountUse(hash, key, isWrite: true);
            StoreResult result = Find(shard, hash, key, out ulong* slot);
            if (result == StoreResult.Success)
            {
                shard.Delete(hash, key, slot);
            }
            else if (result == StoreResult.NotFound)
            {
                shard.Feeds.Missed(hash, key);
            }

            return result;
        }
    }

    /// <summary>
    /// Stores a value that fits into one record. If it does not fit, or the value that it is joined to does not, nothing
    /// is done and <c>isLong</c> says so: stage it.
    /// </summary>
    public StoreResult Put(
        Shard shard,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        in PutOptions options,
        out PutOutcome outcome,
        out bool isLong)
    {
        outcome = default;
        isLong = false;
        ulong hash = core.KeyHash.Of(key);
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (shard.Gate)
            {
                CountUse(shard, hash, key, attempts);
                StoreResult result = Check(shard, options, hash, key, out ulong* slot, out bool isStale);
                if (result != StoreResult.Success)
                {
                    return result;
                }

                bool joins = options.IsJoin && slot != null;
                if (HasToBeStaged(shard, joins, slot, key, value.Length))
                {
                    isLong = true;
                    return StoreResult.NoRoom;
                }

                NewEntry entry = joins
                    ? Join(shard, key, *slot, value, options)
                    : isStale ? MakeStale(shard, key, *slot, value, options) : Make(shard, key, value, options);
                if (entry.ValueLength > maxValueBytes)
                {
                    return StoreResult.TooLarge;
                }

                if (shard.TryWrite(hash, slot, entry))
                {
                    outcome = new PutOutcome(entry.VisibleCas, entry.ValueLength);
                    return StoreResult.Success;
                }
            }
        }

        return StoreResult.NoRoom;
    }

    /// <summary>
    /// Makes a complete staged value the entry of its key; not for a join. Who calls it has counted the use.
    /// </summary>
    public StoreResult Commit(Shard shard, StagedValue staged, in PutOptions options, out PutOutcome outcome)
    {
        outcome = default;
        staged.GivenCas = options.NewCas;
        staged.Marks = MarksOf(options);
        if (!staged.TryWriteHead(core.Clock))
        {
            return StoreResult.NoRoom;
        }

        ulong hash = core.KeyHash.Of(staged.Key);
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (shard.Gate)
            {
                StoreResult result = Check(shard, options, hash, staged.Key, out ulong* slot, out bool isStale);
                if (result != StoreResult.Success)
                {
                    return result;
                }

                if (isStale)
                {
                    Record* old = shard.Index.RecordOf(*slot);
                    staged.BecomeStale(Record.Expiry(old), StaleMarksOf(old, options));
                }

                if (shard.TryPublish(hash, slot, staged, out ulong cas))
                {
                    outcome = new PutOutcome(cas, staged.Length);
                    return StoreResult.Success;
                }
            }
        }

        return StoreResult.NoRoom;
    }

    /// <summary>Whether a value may not fit into one record.</summary>
    public bool IsLong(int keyLength, long valueLength) =>
        Record.GreatestBytesFor(keyLength, valueLength) > core.Pool.MaxRecordBytes;

    /// <summary>Finds the live entry of a key.</summary>
    /// <returns>Success, NotFound or NotOpen.</returns>
    public static StoreResult Find(Shard shard, ulong hash, ReadOnlySpan<byte> key, out ulong* slot)
    {
        slot = null;
        if (!shard.IsServed)
        {
            return StoreResult.NotOpen;
        }

        slot = shard.Find(hash, key);
        return slot == null ? StoreResult.NotFound : StoreResult.Success;
    }

    private static void CountUse(Shard shard, ulong hash, ReadOnlySpan<byte> key, in RoomAttempts attempts)
    {
        if (attempts.IsFirst)
        {
            shard.CountUse(hash, key, isWrite: true);
        }
    }

    // Whether the mode's condition holds. A null slot on success: the key is absent.
    private static StoreResult Check(
        Shard shard, in PutOptions options, ulong hash, ReadOnlySpan<byte> key, out ulong* slot, out bool isStale)
    {
        isStale = false;
        StoreResult found = Find(shard, hash, key, out slot);
        if (found == StoreResult.NotOpen)
        {
            return found;
        }

        switch (options.Mode)
        {
            case PutMode.Add when slot != null:
                shard.Use(shard.Index.RecordOf(*slot)); // a failed add is a use, as in memcached
                return StoreResult.NotStored;
            case PutMode.Replace when slot == null:
                return StoreResult.NotStored;
            case PutMode.Append or PutMode.Prepend when slot == null:
                return options.Creation is null ? StoreResult.NotStored : StoreResult.Success;
            case PutMode.Append or PutMode.Prepend when options.Compare != 0:
                return Compare(shard.Index.RecordOf(*slot), options, out isStale);
            case PutMode.CompareAndSet:
                return slot == null ? StoreResult.NotFound : Compare(shard.Index.RecordOf(*slot), options, out isStale);
            default:
                return StoreResult.Success;
        }
    }

    private static StoreResult Compare(Record* record, in PutOptions options, out bool isStale)
    {
        isStale = false;
        if (options.Sequence != 0)
        {
            return record->Cas == options.Sequence ? StoreResult.Success : StoreResult.Exists;
        }

        ulong present = Record.VisibleCas(record);
        if (present == options.Compare)
        {
            return StoreResult.Success;
        }

        isStale = options.AcceptsStale && options.Compare != 0 && options.Compare < present && !options.IsJoin;
        return isStale ? StoreResult.Success : StoreResult.Exists;
    }

    private static EntryMarks MarksOf(in PutOptions options) =>
        options.HasBinaryKey ? EntryMarks.BinaryKey : EntryMarks.None;

    private static EntryMarks StaleMarksOf(Record* old, in PutOptions options) =>
        MarksOf(options) | EntryMarks.Stale | (old->Marks & EntryMarks.TokenOut);

    private bool HasToBeStaged(Shard shard, bool joins, ulong* slot, ReadOnlySpan<byte> key, int valueLength)
    {
        long total = valueLength;
        if (joins)
        {
            Record* record = shard.Index.RecordOf(*slot);
            total += record->ValueLength;
            if (record->IsChained)
            {
                return total <= maxValueBytes;
            }
        }

        return total <= maxValueBytes && IsLong(key.Length, total);
    }

    private NewEntry Make(Shard shard, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in PutOptions options) => new()
    {
        Key = key,
        First = value,
        Flags = options.Flags,
        ExpiresAt = options.NewExpiration.ToAbsolute(core.Clock, out SlidingWindow window),
        Window = window,
        Cas = shard.NextCas(),
        HasGivenCas = options.NewCas != 0,
        GivenCas = options.NewCas,
        Marks = MarksOf(options),
        Tags = options.Tags.Bytes,
    };

    // A value that came too late: whoever reads it is told so, and it lives no longer than what it replaces.
    private static NewEntry MakeStale(
        Shard shard, ReadOnlySpan<byte> key, ulong slot, ReadOnlySpan<byte> value, in PutOptions options)
    {
        Record* old = shard.Index.RecordOf(slot);
        return new NewEntry
        {
            Key = key,
            First = value,
            Flags = options.Flags,
            ExpiresAt = Record.Expiry(old),
            Cas = shard.NextCas(),
            HasGivenCas = options.NewCas != 0,
            GivenCas = options.NewCas,
            Marks = StaleMarksOf(old, options),
            Tags = options.Tags.Bytes,
        };
    }

    private NewEntry Join(
        Shard shard, ReadOnlySpan<byte> key, ulong slot, ReadOnlySpan<byte> value, in PutOptions options)
    {
        Record* record = shard.Index.RecordOf(slot);
        ReadOnlySpan<byte> old = Record.Value(record);
        bool appends = options.Mode == PutMode.Append;
        return new NewEntry
        {
            Key = key,
            First = appends ? old : value,
            Second = appends ? value : old,
            Flags = Record.Flags(record),
            ExpiresAt = ExpiryWhenUsed(record),
            Window = Record.Window(record),
            Cas = shard.NextCas(),
            HasGivenCas = options.NewCas != 0,
            GivenCas = options.NewCas,
            Marks = MarksOf(options) | (record->Marks & EntryMarks.BinaryKey),
            Tags = Record.Tags(record),
            KeepsOldBytes = true,
        };
    }

    private long ExpiryWhenUsed(Record* record) => Record.Window(record) is { IsNone: false } window
        ? window.ExpiryAfter(core.Clock.UnixMilliseconds)
        : Record.Expiry(record);
}
