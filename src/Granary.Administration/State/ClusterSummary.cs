namespace Granary.Administration.State;

/// <summary>What holds for a whole cluster.</summary>
/// <param name="ViewVersion">Grows with every change of the membership.</param>
/// <param name="ShardCount">Fixed for its life.</param>
/// <param name="Replicas">none, sync or async.</param>
public sealed record ClusterSummary(long ViewVersion, int ShardCount, string Replicas);
