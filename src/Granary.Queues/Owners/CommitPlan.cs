using Granary.Queues.Logs;
using Granary.Queues.Partitions;

namespace Granary.Queues.Owners;

/// <summary>Makes commits of what a partition has pending, and decides which carries a snapshot and what is trimmed.</summary>
internal sealed class CommitPlan(IPartitionLog log, RecoveredPartition recovered, PartitionId id, long epoch, TimeProvider time)
{
    private const long SnapshotBytes = 8 << 20; // what a restart reads again at most, about

    // A row is read, checked and replayed for about what so many bytes of a long one take: without this, tens of thousands of
    // small rows would be behind the last snapshot, and a partition of them takes seconds to open.
    private const long LeastWeight = 2 << 10;

    // A row without messages is small, but what it settles may be trimmed: it brings the next snapshot nearer.
    private const int WeightOfSettlements = 16;

    // Without room a snapshot comes soon, because it is what trims.
    private const int CommitsWithoutRoom = 16;

    private readonly QueuePartition _partition = recovered.State;
    private long _sinceSnapshot = recovered.SinceSnapshot; // owners may change more often than a snapshot is due to one
    private long _deadBytes; // of messages that are settled and not trimmed, about
    private long _messageBytes; // of one, in the last commit that had any: the partition knows no lengths
    private long _sent;
    private long _length = recovered.State.Messages.Length;
    private int _commitsSinceSnapshot;
    private long _lastSnapshotBytes = recovered.SnapshotBytes;

    /// <summary>The next commit is to trim.</summary>
    public bool MustTrimSoon { get; set; }

    /// <summary>How much nearer a row brings the next snapshot. Bytes, about.</summary>
    public static long WeightOf(long first, long next, int payloadBytes) =>
        Math.Max((long)payloadBytes * (next - first > 1 ? 1 : WeightOfSettlements), LeastWeight);

    public bool TryTake(out PartitionCommit? commit)
    {
        commit = null;
        bool mustTrim = MustTrim(); // before anything is taken: it asks the disk
        if (!_partition.TryTakeCommit(out long first, out long next, out byte[] payload))
        {
            return false;
        }

        commit = new PartitionCommit(id, epoch, first, next, payload, _partition.Options.Value.Durability);
        _sinceSnapshot += WeightOf(first, next, payload.Length);
        _commitsSinceSnapshot++;
        CountDead(payload.Length);
        if (Math.Max(_sinceSnapshot, _deadBytes) > Math.Max(SnapshotBytes, 4 * _lastSnapshotBytes) || mustTrim)
        {
            (long First, long End)[] live = [.. _partition.LiveRuns(PartitionTime.Of(time))];
            _partition.Topic?.Trimmed(live);
            byte[] snapshot = _partition.WriteSnapshot();
            commit = commit with { Snapshot = snapshot, Trim = DeadRanges(live, next) };
            _sinceSnapshot = 0;
            _deadBytes = 0;
            MustTrimSoon = false;
            _commitsSinceSnapshot = 0;
            _lastSnapshotBytes = snapshot.Length;
        }

        return true;
    }

    private void CountDead(int payloadBytes)
    {
        long sent = _partition.Counters.Sent - _sent;
        _messageBytes = sent > 0 ? payloadBytes / sent : _messageBytes;
        _deadBytes += (_length + sent - _partition.Messages.Length) * _messageBytes;
        _sent += sent;
        _length = _partition.Messages.Length;
    }

    // Of a topic it is time to trim when somebody says so (TopicReads), not when it is empty.
    private bool MustTrim() =>
        MustTrimSoon || (!log.HasRoom && (_commitsSinceSnapshot >= CommitsWithoutRoom || _partition.Messages.Length == 0));

    private static List<OffsetRange> DeadRanges((long First, long End)[] live, long end)
    {
        List<OffsetRange> dead = [];
        long from = 0;
        foreach ((long first, long runEnd) in live)
        {
            if (first > from)
            {
                dead.Add(new OffsetRange(from, first));
            }

            from = runEnd;
        }

        if (end > from)
        {
            dead.Add(new OffsetRange(from, end));
        }

        return dead;
    }
}
