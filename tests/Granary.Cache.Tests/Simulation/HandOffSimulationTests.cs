using System.Globalization;
using Granary.Cache.Copies;

namespace Granary.Cache.Tests.Simulation;

/// <summary>
/// Seeded runs of whole clusters: silos join, leave, crash and stop for a while; messages are late, lost, or come in
/// another order; the directory forgets. No read is ever older than what was acknowledged, and nothing is missed but what a
/// crash may take.
/// </summary>
public sealed class HandOffSimulationTests
{
    private const int Shards = 4;
    private const int Keys = 24;

    // More by GRANARY_SIMULATIONS=N.
    private static readonly int Runs =
        int.TryParse(Environment.GetEnvironmentVariable("GRANARY_SIMULATIONS"), CultureInfo.InvariantCulture, out int runs) ? runs : 15;

    [Fact]
    public void JoinsAndLeaves_LoseNothing() => ForEachSeed(ReplicaMode.None, static (cluster, run) => run.JoinAndLeave(cluster));

    [Fact]
    public void JoinsAndLeaves_WithReplicas_LoseNothing() =>
        ForEachSeed(ReplicaMode.Sync, static (cluster, run) => run.JoinAndLeave(cluster));

    [Fact]
    public void EverythingThatCanHappen_WithoutReplicas_GivesNoOldValue() =>
        ForEachSeed(ReplicaMode.None, static (cluster, run) => run.HurtEverywhere(cluster));

    [Fact]
    public void EverythingThatCanHappen_WithReplicas_GivesNoOldValueAndLosesNothingProtected() =>
        ForEachSeed(ReplicaMode.Sync, static (cluster, run) => run.HurtEverywhere(cluster));

    private static void ForEachSeed(ReplicaMode mode, Action<SimulatedCluster, SimulatedRun> hurt)
    {
        int first = int.TryParse(Environment.GetEnvironmentVariable("GRANARY_SEED"), CultureInfo.InvariantCulture, out int seed) ? seed : 1;
        for (seed = first; seed < first + Runs; seed++)
        {
            try
            {
                Run(seed, mode, hurt);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}, replicas {mode}: {exception.Message}", exception);
            }
        }
    }

    private static void Run(int seed, ReplicaMode mode, Action<SimulatedCluster, SimulatedRun> hurt)
    {
        using var cluster = new SimulatedCluster(seed, Shards, mode);
        var clients = new SimulatedClients(cluster, Keys);
        var run = new SimulatedRun();
        for (int number = 0; number < 3; number++)
        {
            run.Join(cluster);
        }

        clients.Start();
        cluster.Clock.RunUntil(10_000);
        hurt(cluster, run);
        cluster.Clock.RunUntil(100_000);

        // Then it is quiet, and everything has to come to where it belongs.
        run.IsOver = true;
        cluster.Network.LossOneIn = 0;
        cluster.LostMigrationOneIn = 0;
        cluster.Clock.RunUntil(140_000);
        clients.IsActive = false;
        cluster.Clock.RunUntil(145_000);
        clients.ReadAll();
        foreach (SimulatedSilo silo in cluster.Active)
        {
            Assert.Equal(silo.View.ShardsOf(silo.Address).Count, silo.Registry.OpenCount);
            Assert.Equal(0, silo.Copies.Progress.Moving);
            Assert.Equal(
                mode == ReplicaMode.Sync && cluster.Active.Count > 1 ? silo.Registry.OpenCount : 0,
                silo.Copies.Progress.Protected);
        }

        Assert.True(clients.Acknowledged > 1000, $"Only {clients.Acknowledged} writes were acknowledged.");
    }
}
