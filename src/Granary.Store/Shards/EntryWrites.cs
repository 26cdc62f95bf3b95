using System.Buffers.Text;
using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

/// <summary>The operations that change a value. Each takes its shard's lock.</summary>
internal sealed unsafe class EntryWrites(StoreCore core, Evictor evictor, int maxValueBytes)
{
    private const int MaxDigits = 20; // of 2^64 - 1

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
            else if (result == StoreResult.NotFound && shard.Feeds.Count > 0)
            {
                shard.Feeds.Changed(hash, key); // a copy may still have what was evicted here
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
        PutMode mode,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        uint flags,
        Expiration expiration,
        ulong compare,
        out ulong cas,
        out bool isLong)
    {
        cas = 0;
        isLong = false;
        ulong hash = core.KeyHash.Of(key);
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (shard.Gate)
            {
                CountUse(shard, hash, key, attempts);
                StoreResult result = Check(shard, mode, hash, key, compare, out ulong* slot);
                if (result != StoreResult.Success)
                {
                    return result;
                }

                if (IsLong(shard, mode, slot, key, value.Length))
                {
                    isLong = true;
                    return StoreResult.NoRoom;
                }

                NewEntry entry = mode is PutMode.Append or PutMode.Prepend
                    ? Join(shard, mode, key, *slot, value)
                    : new NewEntry
                    {
                        Key = key,
                        First = value,
                        Flags = flags,
                        ExpiresAt = expiration.ToAbsolute(core.Clock, out SlidingWindow window),
                        Window = window,
                        Cas = shard.NextCas(),
                    };
                if (entry.ValueLength > maxValueBytes)
                {
                    return StoreResult.TooLarge;
                }

                if (shard.TryWrite(hash, slot, entry))
                {
                    cas = entry.Cas;
                    return StoreResult.Success;
                }
            }
        }

        return StoreResult.NoRoom;
    }

    public StoreResult Increment(
        Shard shard, ReadOnlySpan<byte> key, ulong delta, bool negative, out ulong number, out ulong cas)
    {
        number = 0;
        cas = 0;
        ulong hash = core.KeyHash.Of(key);
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (shard.Gate)
            {
                CountUse(shard, hash, key, attempts);
                StoreResult result = Find(shard, hash, key, out ulong* slot);
                if (result != StoreResult.Success)
                {
                    return result;
                }

                Record* record = shard.Index.RecordOf(*slot);
                if (record->IsChained || !TryParse(Record.Value(record), out ulong old))
                {
                    return StoreResult.NotNumeric;
                }

                number = negative ? old - Math.Min(old, delta) : unchecked(old + delta);
                cas = shard.NextCas();
                if (TryWriteNumber(shard, hash, key, slot, number, cas))
                {
                    return StoreResult.Success;
                }
            }
        }

        return StoreResult.NoRoom;
    }

    /// <summary>
    /// Makes a complete staged value the entry of its key; not for append and prepend. Who calls it has counted the use.
    /// </summary>
    public StoreResult Commit(Shard shard, PutMode mode, StagedValue staged, ulong compare, out ulong cas)
    {
        cas = 0;
        if (!staged.TryWriteHead(core.Clock))
        {
            return StoreResult.NoRoom;
        }

        ulong hash = core.KeyHash.Of(staged.Key);
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (shard.Gate)
            {
                StoreResult result = Check(shard, mode, hash, staged.Key, compare, out ulong* slot);
                if (result != StoreResult.Success || shard.TryPublish(hash, slot, staged, out cas))
                {
                    return result;
                }
            }
        }

        return StoreResult.NoRoom;
    }

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
        Shard shard, PutMode mode, ulong hash, ReadOnlySpan<byte> key, ulong compare, out ulong* slot)
    {
        StoreResult found = Find(shard, hash, key, out slot);
        if (found == StoreResult.NotOpen)
        {
            return found;
        }

        switch (mode)
        {
            case PutMode.Add when slot != null:
                shard.Index.RecordOf(*slot)->LastUse = shard.Position; // a failed add is a use, as in memcached
                return StoreResult.NotStored;
            case PutMode.Replace or PutMode.Append or PutMode.Prepend when slot == null:
                return StoreResult.NotStored;
            case PutMode.CompareAndSet when slot == null:
                return StoreResult.NotFound;
            case PutMode.CompareAndSet when shard.Index.RecordOf(*slot)->Cas != compare:
                return StoreResult.Exists;
            default:
                return StoreResult.Success;
        }
    }

    private bool IsLong(Shard shard, PutMode mode, ulong* slot, ReadOnlySpan<byte> key, int valueLength)
    {
        long total = valueLength;
        if (mode is PutMode.Append or PutMode.Prepend)
        {
            Record* record = shard.Index.RecordOf(*slot);
            total += record->ValueLength;
            if (record->IsChained)
            {
                return total <= maxValueBytes;
            }
        }

        return total <= maxValueBytes
            && Record.BytesFor(key.Length, total, hasExpiry: true, hasWindow: true, hasFlags: true)
                > core.Pool.MaxRecordBytes;
    }

    private NewEntry Join(
        Shard shard, PutMode mode, ReadOnlySpan<byte> key, ulong slot, ReadOnlySpan<byte> value)
    {
        Record* record = shard.Index.RecordOf(slot);
        ReadOnlySpan<byte> old = Record.Value(record);
        return new NewEntry
        {
            Key = key,
            First = mode == PutMode.Append ? old : value,
            Second = mode == PutMode.Append ? value : old,
            Flags = Record.Flags(record),
            ExpiresAt = ExpiryWhenUsed(record),
            Window = Record.Window(record),
            Cas = shard.NextCas(),
            KeepsOldBytes = true,
        };
    }

    // Leading blanks, zeros or '+', and trailing blanks are allowed, as memcached's strtoull allows them.
    private static bool TryParse(ReadOnlySpan<byte> value, out ulong number)
    {
        value = value.Trim((byte)' ');
        if (!value.IsEmpty && value[0] == (byte)'+')
        {
            value = value[1..];
        }

        return Utf8Parser.TryParse(value, out number, out int used) && used == value.Length && value[0] != (byte)'+';
    }

    private bool TryWriteNumber(
        Shard shard, ulong hash, ReadOnlySpan<byte> key, ulong* slot, ulong number, ulong cas)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        Utf8Formatter.TryFormat(number, digits, out int length);
        Record* record = shard.Index.RecordOf(*slot);
        Span<byte> value = Record.Value(record);
        if (length <= value.Length)
        {
            digits[..length].CopyTo(value);
            value[length..].Fill((byte)' ');
            record->Cas = cas;
            record->LastUse = shard.Position;
            if (record->HasWindow)
            {
                Record.SetExpiry(record, ExpiryWhenUsed(record));
            }

            shard.Feeds.Changed(hash, key);
            return true;
        }

        var entry = new NewEntry
        {
            Key = key,
            First = digits[..length],
            Flags = Record.Flags(record),
            ExpiresAt = ExpiryWhenUsed(record),
            Window = Record.Window(record),
            Cas = cas,
            KeepsOldBytes = true,
        };
        return shard.TryWrite(hash, slot, entry);
    }

    private long ExpiryWhenUsed(Record* record) => Record.Window(record) is { IsNone: false } window
        ? window.ExpiryAfter(core.Clock.UnixMilliseconds)
        : Record.Expiry(record);
}
