using Granary.Cache.Shards;

namespace Granary.Cache.Tests.Simulation;

/// <summary>A shard's grain on a silo, as far as the directory knows it.</summary>
internal sealed class SimulatedActivation(SimulatedCluster cluster, SimulatedSilo silo, int shard) : IShardActivation
{
    public SimulatedSilo Silo { get; } = silo;

    public int Shard { get; } = shard;

    public long Incarnation { get; set; }

    public bool IsEnding { get; private set; }

    public void Deactivate(string reason) => End(() => cluster.Forget(this));

    public void Migrate(SiloAddress target, OpeningTicket ticket) => End(() => cluster.Move(this, target, ticket));

    private void End(Action then)
    {
        if (!IsEnding)
        {
            IsEnding = true;
            cluster.Clock.After(cluster.Clock.Random.Next(1, 20), () => Silo.WhenRunning(() =>
            {
                Silo.Registry[Shard].Close(Incarnation);
                then();
            }));
        }
    }
}
