namespace Granary.Queues.Owners;

/// <summary>A queue in the census of a silo.</summary>
/// <param name="Queue">Its name, or <see cref="QueueCensus.OtherQueues"/>.</param>
/// <param name="Partitions">That are open on this silo.</param>
/// <param name="PausedPartitions">Of these, those that give nothing out.</param>
/// <param name="Statistics">Of them; the total also of those that were here before.</param>
internal readonly record struct QueueRow(string Queue, int Partitions, int PausedPartitions, QueueStatistics Statistics);
