using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>Counts what commands do to a partition; what a recovery reads is not counted again. One thread.</summary>
internal sealed class PartitionCounters
{
    private readonly long[] _records = new long[(int)RecordKind.Recalled + 1];
    private long _duplicates;
    private long _received;
    private long _redelivered;

    public long Sent => Count(RecordKind.Sent);

    public void Duplicate() => _duplicates++;

    public void Received(int attempt)
    {
        _received++;
        _redelivered += attempt > 1 ? 1 : 0;
    }

    public void Written(RecordKind kind) => _records[(int)kind]++;

    public QueueCounters Read() => new()
    {
        Sent = Sent,
        Duplicates = _duplicates,
        Received = _received,
        Redelivered = _redelivered,
        Completed = Count(RecordKind.Completed),
        Abandoned = Count(RecordKind.Abandoned),
        Lapsed = Count(RecordKind.Lapsed),
        DeadLettered = Count(RecordKind.DeadLettered),
        Expired = Count(RecordKind.Expired),
    };

    private long Count(RecordKind kind) => _records[(int)kind];
}
