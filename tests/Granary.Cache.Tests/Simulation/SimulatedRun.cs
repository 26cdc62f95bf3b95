namespace Granary.Cache.Tests.Simulation;

/// <summary>What happens to a cluster in one run.</summary>
internal sealed class SimulatedRun
{
    private const int MostSilos = 5;

    private int _joined;

    public bool IsOver { get; set; }

    public void Join(SimulatedCluster cluster) => cluster.Join($"silo-{_joined++}");

    /// <summary>Silos come and go in good order, one after the other or at once; no message is lost for good.</summary>
    public void JoinAndLeave(SimulatedCluster cluster)
    {
        cluster.Network.LossOneIn = 50;
        cluster.Clock.Every(4000, () => !IsOver && Step(cluster, () => ComeOrGo(cluster)));
    }

    /// <summary>All of that, and crashes, stops, a forgetful directory and lost activations.</summary>
    public void HurtEverywhere(SimulatedCluster cluster)
    {
        cluster.Network.LossOneIn = 20;
        cluster.LostMigrationOneIn = 10;
        cluster.Clock.Every(2500, () => !IsOver && Step(cluster, () =>
        {
            SimulatedSilo silo = Any(cluster);
            switch (cluster.Clock.Random.Next(6))
            {
                case 0 when cluster.Active.Count > 2:
                    cluster.Crash(silo);
                    break;
                case 1 when cluster.Active.Count > 2:
                    cluster.Pause(silo, cluster.Clock.Random.Next(100, 8000));
                    break;
                case 2:
                    cluster.ForgetSomething();
                    break;
                default:
                    ComeOrGo(cluster);
                    break;
            }
        }));
    }

    private void ComeOrGo(SimulatedCluster cluster)
    {
        bool mayLeave = cluster.Active.Count(silo => !silo.IsDraining) > 2;
        if (cluster.Active.Count < MostSilos && (!mayLeave || cluster.Clock.OneIn(2)))
        {
            Join(cluster);
        }
        else if (mayLeave)
        {
            cluster.Drain(Any(cluster));
        }
    }

    private static SimulatedSilo Any(SimulatedCluster cluster) =>
        cluster.Active[cluster.Clock.Random.Next(cluster.Active.Count)];

    private static bool Step(SimulatedCluster cluster, Action action)
    {
        cluster.Clock.After(cluster.Clock.Random.Next(1000), action);
        return true;
    }
}
