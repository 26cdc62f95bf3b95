using System.Buffers.Text;
using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

/// <summary>Counts the numbers that values are. Each operation takes its shard's lock.</summary>
internal sealed unsafe class EntryCounts(StoreCore core, Evictor evictor)
{
    private const int MaxDigits = 20; // of 2^64 - 1

    public StoreResult Count(Shard shard, ReadOnlySpan<byte> key, in CountOptions options, out CountOutcome outcome)
    {
        outcome = default;
        ulong hash = core.KeyHash.Of(key);
        for (var attempts = new RoomAttempts(evictor); attempts.Next();)
        {
            lock (shard.Gate)
            {
                if (attempts.IsFirst)
                {
                    shard.CountUse(hash, key, isWrite: true);
                }

                StoreResult result = Count_NeedsLock(shard, hash, key, options, out outcome);
                if (result != StoreResult.NoRoom)
                {
                    return result;
                }
            }
        }

        return StoreResult.NoRoom;
    }

    private StoreResult Count_NeedsLock(
        Shard shard, ulong hash, ReadOnlySpan<byte> key, in CountOptions options, out CountOutcome outcome)
    {
        outcome = default;
        StoreResult found = EntryWrites.Find(shard, hash, key, out ulong* slot);
        if (found == StoreResult.NotFound && options.Creation is { } creation)
        {
            return TryCreate(shard, hash, key, creation, options, out outcome) ? StoreResult.Success : StoreResult.NoRoom;
        }

        if (found != StoreResult.Success)
        {
            return found;
        }

        Record* record = shard.Index.RecordOf(*slot);
        if (record->IsChained || record->ValueLength == 0)
        {
            return StoreResult.NotNumeric; // whatever its cas is, as in memcached
        }

        if (options.Compare != 0 && options.Compare != Record.VisibleCas(record))
        {
            return StoreResult.Exists;
        }

        if (!TryParse(Record.Value(record), out ulong old))
        {
            return StoreResult.NotNumeric;
        }

        ulong number = options.IsNegative ? old - Math.Min(old, options.Delta) : unchecked(old + options.Delta);
        ulong cas = shard.NextCas();
        ulong visible = options.NewCas != 0 ? options.NewCas : cas;
        outcome = new CountOutcome(number, visible, EntryInfo.Of(record).ExpiresAt, IsCreated: false);
        Span<byte> digits = stackalloc byte[MaxDigits];
        Utf8Formatter.TryFormat(number, digits, out int length);
        digits = digits[..length];
        bool written = length <= record->ValueLength
            ? TryWriteInPlace(shard, hash, slot, digits, cas, options)
            : TryWriteLonger(shard, hash, slot, digits, cas, options);
        return written ? StoreResult.Success : StoreResult.NoRoom;
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

    private bool TryCreate(
        Shard shard,
        ulong hash,
        ReadOnlySpan<byte> key,
        Expiration creation,
        in CountOptions options,
        out CountOutcome outcome)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        Utf8Formatter.TryFormat(options.Initial, digits, out int length);
        var entry = new NewEntry
        {
            Key = key,
            First = digits[..length],
            ExpiresAt = creation.ToAbsolute(core.Clock, out SlidingWindow window),
            Window = window,
            Cas = shard.NextCas(),
            HasGivenCas = options.NewCas != 0,
            GivenCas = options.NewCas,
            Marks = options.HasBinaryKey ? EntryMarks.BinaryKey : EntryMarks.None,
        };
        outcome = new CountOutcome(options.Initial, entry.VisibleCas, 0, IsCreated: true);
        return shard.TryWrite(hash, slot: null, entry);
    }

    private bool TryWriteInPlace(
        Shard shard, ulong hash, ulong* slot, ReadOnlySpan<byte> digits, ulong cas, in CountOptions options)
    {
        long touched = options.Touch is { } touch ? touch.ToAbsolute(core.Clock) : 0;
        if (!RecordFields.TryAdd(shard, hash, slot, expiry: touched != 0, givenCas: options.NewCas != 0))
        {
            return false;
        }

        Record* record = shard.Index.RecordOf(*slot);
        Span<byte> value = Record.Value(record);
        digits.CopyTo(value);
        value[digits.Length..].Fill((byte)' ');
        record->Cas = cas;
        if (record->HasGivenCas)
        {
            Record.SetGivenCas(record, options.NewCas);
        }

        shard.Use(record);
        if (options.Touch is not null && record->HasExpiry)
        {
            shard.SetExpiry(hash, *slot, touched);
        }
        else if (record->HasWindow)
        {
            Record.SetExpiry(record, ExpiryWhenUsed(record));
        }

        shard.Feeds.Changed(hash, Record.Key(record)); // 0: others wait for the number to be read anew
        return true;
    }

    private bool TryWriteLonger(
        Shard shard, ulong hash, ulong* slot, ReadOnlySpan<byte> digits, ulong cas, in CountOptions options)
    {
        Record* record = shard.Index.RecordOf(*slot);
        var entry = new NewEntry
        {
            Key = Record.Key(record),
            First = digits,
            Flags = Record.Flags(record),
            ExpiresAt = options.Touch is { } touch ? touch.ToAbsolute(core.Clock) : ExpiryWhenUsed(record),
            Window = options.Touch is null ? Record.Window(record) : default,
            Cas = cas,
            HasGivenCas = options.NewCas != 0,
            GivenCas = options.NewCas,
            Marks = record->Marks & EntryMarks.BinaryKey,
            Tags = Record.Tags(record),
            KeepsOldBytes = true,
        };
        return shard.TryWrite(hash, slot, entry);
    }

    private long ExpiryWhenUsed(Record* record) => Record.Window(record) is { IsNone: false } window
        ? window.ExpiryAfter(core.Clock.UnixMilliseconds)
        : Record.Expiry(record);
}
