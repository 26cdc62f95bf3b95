namespace Granary.Administration.Queues;

/// <summary>All that there is to see of one queue but its messages.</summary>
/// <param name="Queue">As in the list.</param>
/// <param name="Options">How it treats messages.</param>
/// <param name="PerPartition">Its partitions.</param>
/// <param name="StuckOn">The oldest message that has failed and is not done; <see langword="null"/> if there is none.</param>
public sealed record QueueDetail(
    QueueState Queue, QueueOptionsState Options, IReadOnlyList<PartitionState> PerPartition, MessageView? StuckOn);
