using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Cluster;

/// <summary>What more silos or replicas cost: the same load on different clusters, all on this machine.</summary>
/// <remarks>
/// All clusters run all the time and one is loaded. A way into the cluster, or another thing to measure of it, is a class
/// beside this one that takes <see cref="ClusterRounds"/>.
/// </remarks>
internal sealed class ClusterScenario(ClusterSettings settings, TextWriter output)
{
    /// <returns>The exit code: 0 if everything was measured in every round.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        output.WriteLine(Machine.Describe());
        var clusters = new List<GranaryCluster>();
        try
        {
            foreach (ClusterSetup setup in settings.Clusters)
            {
                clusters.Add(await GranaryCluster.StartAsync(setup, settings.PeerSettings, cancellationToken));
            }

            await MeasureAsync(clusters, cancellationToken);
            return 0;
        }
        catch (Exception error) when (error is LoadException or PeerException)
        {
            output.WriteLine($"The run does not count. {error.Message}");
            return 1;
        }
        finally
        {
            foreach (GranaryCluster cluster in clusters)
            {
                await cluster.DisposeAsync();
            }
        }
    }

    private async Task MeasureAsync(List<GranaryCluster> clusters, CancellationToken cancellationToken)
    {
        using CsvFile? csv = settings.Csv is { } file ? ClusterReport.OpenCsv(file.FullName) : null;
        var report = new ClusterReport(settings, output, csv);
        report.PrintSetup(clusters);
        var rounds = new ClusterRounds(clusters, settings.Rounds, report);
        if (settings.Pipelines.Length > 0)
        {
            await new MemcachedPort(settings).MeasureAsync(rounds, cancellationToken);
        }

        if (settings.Workloads.Length > 0)
        {
            await new DotNetClient(settings).MeasureAsync(rounds, cancellationToken);
        }
    }
}
