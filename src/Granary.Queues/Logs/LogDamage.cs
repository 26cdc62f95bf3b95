namespace Granary.Queues.Logs;

/// <summary>Something that is not as it was written.</summary>
/// <param name="Partition">Whose.</param>
/// <param name="Offset">First offset of the row; -1: the snapshot.</param>
/// <param name="Reason">What does not match.</param>
public sealed record LogDamage(PartitionId Partition, long Offset, string Reason);
