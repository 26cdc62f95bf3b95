using System.Runtime.InteropServices;
using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.Memory;

namespace Granary.Store.Shards;

/// <summary>Values over half a segment: where their memory comes from, and how two of them are joined.</summary>
internal sealed unsafe class LongValues(StoreCore core, Evictor evictor, EntryWrites writes, int maxValueBytes)
{
    private const int CopyBytes = 64 << 10;
    private const int MaxJoins = 16;

    // Values on their way in may take at most half of the budget, or they could evict everything that is in.
    private const int ShareStaged = 2;

    private int _stagedSegments;

    /// <summary>Takes a segment for a value on its way in.</summary>
    /// <returns>-1 if there is no room.</returns>
    public int TakeStaged()
    {
        if (Interlocked.Increment(ref _stagedSegments) <= core.Pool.Count / ShareStaged)
        {
            for (var attempts = new RoomAttempts(evictor); attempts.Next();)
            {
                int segment = core.Pool.Take(SegmentState.ChainPart, forEvictor: false);
                if (segment >= 0)
                {
                    return segment;
                }
            }
        }

        Interlocked.Decrement(ref _stagedSegments);
        return -1;
    }

    public void ReleaseStaged(int segments) => Interlocked.Add(ref _stagedSegments, -segments);

    public StagedValue Stage(
        ReadOnlySpan<byte> key, int length, uint flags, Expiration expiration, ReadOnlySpan<byte> tags) =>
        new(this, core.Pool, key, length, flags, expiration, default, tags);

    /// <summary>Begins a value whose entry has an expiry already, and perhaps a window.</summary>
    public StagedValue Stage(
        ReadOnlySpan<byte> key,
        int length,
        uint flags,
        long expiresAt,
        in SlidingWindow window,
        ReadOnlySpan<byte> tags) =>
        new(this, core.Pool, key, length, flags, Expiration.AtOrNever(expiresAt), window, tags);

    /// <summary>Stores a long value that lies in one piece, after <see cref="EntryWrites.Put"/> has not.</summary>
    public StoreResult Put(
        Shard shard,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        in PutOptions options,
        out PutOutcome outcome)
    {
        outcome = default;
        using StagedValue staged = Stage(
            key, value.Length, options.Flags, options.NewExpiration, options.Tags.Bytes);
        return staged.TryWrite(value) ? Store(shard, staged, options, out outcome) : StoreResult.NoRoom;
    }

    /// <summary>Stores a staged value that a client has written.</summary>
    public StoreResult Commit(Shard shard, StagedValue staged, in PutOptions options, out PutOutcome outcome)
    {
        if (options.IsJoin || writes.IsLong(staged.Key.Length, staged.Length))
        {
            lock (shard.Gate) // what is put counts itself
            {
                shard.CountUse(core.KeyHash.Of(staged.Key), staged.Key, isWrite: true);
            }
        }

        return Store(shard, staged, options, out outcome);
    }

    private StoreResult Store(Shard shard, StagedValue staged, in PutOptions options, out PutOutcome outcome)
    {
        if (!options.IsJoin)
        {
            return StoreWhole(shard, staged, options, out outcome);
        }

        outcome = default;
        for (int tries = 0; tries < MaxJoins; tries++)
        {
            StoreResult result = TryJoin(shard, staged, options, out outcome, out bool othersChanged);
            if (result == StoreResult.NotFound && options.Creation is not null)
            {
                PutOptions adding = options with { Mode = PutMode.Add, Expiration = options.NewExpiration };
                result = StoreWhole(shard, staged, adding, out outcome);
                othersChanged = result == StoreResult.NotStored;
            }

            if (!othersChanged)
            {
                return result == StoreResult.NotFound ? StoreResult.NotStored : result;
            }
        }

        return StoreResult.NoRoom; // others changed the value each time
    }

    // A record is chained only if it has to be: one that is takes whole segments, and is never a number. A value can be short
    // here if the one that it was to be joined to was long a moment ago.
    private StoreResult StoreWhole(Shard shard, StagedValue staged, in PutOptions options, out PutOutcome outcome) =>
        writes.IsLong(staged.Key.Length, staged.Length)
            ? writes.Commit(shard, staged, options, out outcome)
            : writes.Put(shard, staged.Key, staged.ShortValue, options, out outcome, out _);

    // Copies the old value and the addition into a new one, and stores that if the old one is still there.
    private StoreResult TryJoin(
        Shard shard, StagedValue addition, in PutOptions options, out PutOutcome outcome, out bool othersChanged)
    {
        outcome = default;
        othersChanged = false;
        StoreResult result = TryHold(shard, addition.Key, out HeldValue? held);
        if (result != StoreResult.Success)
        {
            return result;
        }

        using HeldValue old = held!;
        if (options.Compare != 0 && options.Compare != old.Cas)
        {
            return StoreResult.Exists;
        }

        if (old.Length + (long)addition.Length > maxValueBytes)
        {
            return StoreResult.TooLarge;
        }

        using StagedValue joined = Stage(
            addition.Key, old.Length + addition.Length, old.Flags, old.Expiration, old.Tags);
        bool appends = options.Mode == PutMode.Append;
        bool written = (appends || TryCopy(addition, joined))
            && old.TryCopyTo(joined)
            && (!appends || TryCopy(addition, joined));
        if (!written)
        {
            return StoreResult.NoRoom;
        }

        var replacing = new PutOptions
        {
            Mode = PutMode.CompareAndSet,
            Sequence = old.Sequence,
            NewCas = options.NewCas,
            HasBinaryKey = options.HasBinaryKey || (old.Marks & EntryMarks.BinaryKey) != EntryMarks.None,
            Flags = old.Flags,
            Expiration = old.Expiration,
            Tags = new EntryTags(MemoryMarshal.Cast<byte, ulong>(old.Tags).ToArray()),
        };
        result = StoreWhole(shard, joined, replacing, out outcome);
        othersChanged = result is StoreResult.Exists or StoreResult.NotFound;
        return result;
    }

    private StoreResult TryHold(Shard shard, ReadOnlySpan<byte> key, out HeldValue? held)
    {
        held = null;
        ulong hash = core.KeyHash.Of(key);
        lock (shard.Gate)
        {
            StoreResult result = EntryWrites.Find(shard, hash, key, out ulong* slot);
            if (result != StoreResult.Success)
            {
                return result;
            }

            Record* record = shard.Index.RecordOf(*slot);
            held = HeldValue.Of(core.Pool, *slot, record);
            held.Expiration = Record.Window(record) is { IsNone: false } window
                ? window.ToExpiration()
                : Expiration.AtOrNever(EntryInfo.Of(record).ExpiresAt);
            return result;
        }
    }

    private bool TryCopy(StagedValue source, StagedValue target)
    {
        Span<byte> buffer = new byte[Math.Min(CopyBytes, source.Length)];
        for (int offset = 0; offset < source.Length;)
        {
            Span<byte> piece = buffer[..Math.Min(buffer.Length, source.Length - offset)];
            core.Pool.CopyFromChain(source.FirstSegment, (long)source.ValueStart + offset, piece);
            if (!target.TryWrite(piece))
            {
                return false;
            }

            offset += piece.Length;
        }

        return true;
    }
}
