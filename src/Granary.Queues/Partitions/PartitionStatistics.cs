namespace Granary.Queues.Partitions;

/// <summary>A partition at a moment. What has expired is counted until its turn comes.</summary>
/// <param name="Ready">Deliverable, or waiting for their group.</param>
/// <param name="Delayed">Scheduled, or to be tried again later.</param>
/// <param name="Leased">With receivers.</param>
/// <param name="Deferred">Put aside.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="RememberedIds">MessageIds in the deduplication window.</param>
/// <param name="IdsForgottenEarly">MessageIds that the window's bound pushed out before their time, since the owner opened.</param>
/// <param name="OldestReadyAt">When the next message to deliver was sent, Unix milliseconds; 0 if none is ready.</param>
public readonly record struct PartitionStatistics(
    long Ready,
    long Delayed,
    long Leased,
    long Deferred,
    long Dead,
    int RememberedIds,
    long IdsForgottenEarly,
    long OldestReadyAt);
