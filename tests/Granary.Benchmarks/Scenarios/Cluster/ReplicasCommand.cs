using System.CommandLine;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Clients;

namespace Granary.Benchmarks.Scenarios.Cluster;

/// <summary>The command line of <c>cluster replicas</c>: writes to clusters that differ by their replicas.</summary>
internal static class ReplicasCommand
{
    private static readonly ClusterSetup[] Clusters =
    [
        new("3 silos", 3),
        new("3 silos 1 async", 3, Replication.Async),
        new("3 silos 1 sync", 3, Replication.Sync),
    ];

    public static Command Create()
    {
        var command = new Command("replicas", "What a write costs without replicas, with one async and with one sync.");
        var load = new ClusterLoadOptions(command);
        command.SetAction((result, cancellationToken) =>
            new ClusterScenario(
                load.Read(
                    result,
                    Clusters,
                    new GetSetRatio(0, 1),
                    callers => [.. callers.Select(count => new Workload(WorkloadKind.Set, count, 1))]),
                Console.Out).RunAsync(cancellationToken));
        return command;
    }
}
