namespace Granary.Administration.Queues;

/// <summary>A partition of a queue.</summary>
/// <param name="Partition">0-based.</param>
/// <param name="Ready">Messages that wait for a worker.</param>
/// <param name="Leased">Messages that workers have.</param>
/// <param name="Delayed">Messages that are not due.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="OldestReadySeconds">How long the oldest that is ready has been there; <see langword="null"/> if none is.</param>
/// <param name="Damaged">What is wrong with its log; <see langword="null"/>: nothing.</param>
public sealed record PartitionState(
    int Partition, long Ready, long Leased, long Delayed, long Dead, double? OldestReadySeconds, string? Damaged);
