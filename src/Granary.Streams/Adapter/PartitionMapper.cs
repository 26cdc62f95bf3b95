using System.IO.Hashing;
using Orleans.Streams;

namespace Granary.Streams.Adapter;

/// <summary>Which partition a stream's messages are in, and which silo's agents deliver from which partitions.</summary>
internal sealed class PartitionMapper : IConsistentRingStreamQueueMapper
{
    private readonly QueueId[] _partitions;

    public PartitionMapper(string queue, int partitions)
    {
        // Evenly on the ring that Orleans divides among the silos.
        ulong width = (1UL << 32) / (ulong)partitions;
        _partitions =
        [
            .. Enumerable.Range(0, partitions)
                .Select(index => QueueId.GetQueueId(queue, (uint)index, (uint)((ulong)index * width))),
        ];
    }

    public static int PartitionOf(QueueId partition) => (int)partition.GetNumericId();

    public static int PartitionOf(StreamId stream, int partitions) =>
        (int)(XxHash3.HashToUInt64(stream.FullKey.Span) % (ulong)partitions);

    public IEnumerable<QueueId> GetAllQueues() => _partitions;

    public QueueId GetQueueForStream(StreamId streamId) => _partitions[PartitionOf(streamId, _partitions.Length)];

    public IEnumerable<QueueId> GetQueuesForRange(IRingRange range) =>
        _partitions.Where(partition => range.InRange(partition.GetUniformHashCode()));
}
