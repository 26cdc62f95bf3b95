using Granary.Store.Copies;
using Granary.Store.Shards;

namespace Granary.Store.Saving;

/// <summary>
/// Applies frames of shards to a store that has another number of them: each record to its key's shard, as a frame of its
/// own. One thread.
/// </summary>
/// <param name="store">All its shards are closed.</param>
/// <param name="shardOf">The shard of a key there.</param>
internal sealed class Resharder(CacheStore store, Func<ReadOnlySpan<byte>, int> shardOf)
{
    private readonly byte[] _frame = new byte[FrameHeader.Bytes + BlockWriter.MaxPayloadBytes];
    private FrameHeader _header = new() { Version = FrameHeader.FirstVersion };
    private int _shard;

    public ApplyOutcome Apply(ReadOnlySpan<byte> frame)
    {
        if (!FrameHeader.HasKnownVersion(frame))
        {
            return ApplyOutcome.UnknownVersion;
        }

        if (!FrameHeader.TryRead(frame, out FrameHeader header))
        {
            return ApplyOutcome.Malformed;
        }

        _header = new FrameHeader
        {
            Version = header.Version,
            Marks = Join(_header.Marks, header.Marks),
            LogBytes = header.LogBytes,
        };
        ApplyOutcome outcome = ApplyOutcome.Applied;
        for (ReadOnlySpan<byte> rest = frame[FrameHeader.Bytes..]; !rest.IsEmpty && outcome == ApplyOutcome.Applied;)
        {
            if (!FrameRecord.TryRead(rest, out FrameRecord record, out int length))
            {
                return ApplyOutcome.Malformed;
            }

            _shard = record.Key.IsEmpty ? _shard : shardOf(record.Key);
            outcome = ApplyTo(_shard, rest[..length]);
            rest = rest[length..];
        }

        return outcome;
    }

    /// <summary>Tells every shard what held for all of them.</summary>
    public void Finish()
    {
        for (int shard = 0; shard < store.Options.ShardCount; shard++)
        {
            ApplyTo(shard, []);
        }
    }

    private ApplyOutcome ApplyTo(int shard, ReadOnlySpan<byte> records)
    {
        int length = FrameHeader.Bytes + records.Length;
        (_header with { Shard = shard }).Write(_frame, length);
        records.CopyTo(_frame.AsSpan(FrameHeader.Bytes));
        return store.Apply(shard, _frame.AsSpan(0, length)).Outcome;
    }

    // A cas is above all that any shard has given. What a flush has dropped was not saved; one that is to come is mostly
    // of all shards, and else the earliest counts, because a miss is better than an old value.
    private static ShardMarks Join(in ShardMarks left, in ShardMarks right) => new(
        Math.Max(left.NextCas, right.NextCas),
        FlushedBelowCas: 0,
        left.FlushAt == 0 || right.FlushAt == 0 ? left.FlushAt + right.FlushAt : Math.Min(left.FlushAt, right.FlushAt));
}
