namespace Granary.Administration.State;

/// <summary>Who has which shard. Silos by their place in <see cref="ClusterState.Silos"/>.</summary>
/// <param name="ServedBy">For each shard the silo that serves it, or -1.</param>
/// <param name="WantedBy">For each shard the silo that the map gives it to, or -1.</param>
/// <param name="Moving">Shards on their way.</param>
/// <param name="Unprotected">Shards whose replica is not complete; none without replicas.</param>
public sealed record ShardStates(int[] ServedBy, int[] WantedBy, int[] Moving, int[] Unprotected);
