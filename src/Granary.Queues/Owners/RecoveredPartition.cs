using Granary.Queues.Partitions;

namespace Granary.Queues.Owners;

/// <summary>A partition as its log has it.</summary>
/// <param name="State">Rebuilt.</param>
/// <param name="SnapshotBytes">Of the last snapshot; 0: none yet.</param>
/// <param name="SinceSnapshot">What the rows after it weigh (<see cref="CommitPlan.WeightOf"/>). Bytes, about.</param>
internal readonly record struct RecoveredPartition(QueuePartition State, long SnapshotBytes, long SinceSnapshot);
