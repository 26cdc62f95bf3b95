using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Cluster;

/// <summary>
/// Measures one thing at every cluster: a round has each of them once, so that a slow minute of the machine meets all.
/// </summary>
internal sealed class ClusterRounds(IReadOnlyList<GranaryCluster> clusters, int rounds, ClusterReport report)
{
    public IReadOnlyList<GranaryCluster> Clusters => clusters;

    /// <param name="title">What is measured, for the table.</param>
    /// <param name="measureAsync">Measures a cluster in a round, which counts from 1.</param>
    /// <param name="cancellationToken">Ends the wait for replicas that are not complete yet.</param>
    public async Task RunAsync(
        string title, Func<GranaryCluster, int, Task<ClusterResult>> measureAsync, CancellationToken cancellationToken)
    {
        for (int round = 1; round <= rounds; round++)
        {
            foreach (GranaryCluster cluster in clusters)
            {
                await cluster.WaitUntilSettledAsync(cancellationToken);
                report.Add(title, cluster, round, await measureAsync(cluster, round));
            }
        }

        report.PrintTable(title, clusters);
    }
}
