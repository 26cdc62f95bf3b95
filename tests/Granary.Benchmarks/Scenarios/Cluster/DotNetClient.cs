using Granary.Benchmarks.Load;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Clients;

namespace Granary.Benchmarks.Scenarios.Cluster;

/// <summary>Granary's .NET client, one for each cluster, with the workloads of <c>client</c>.</summary>
internal sealed class DotNetClient(ClusterSettings settings)
{
    /// <exception cref="LoadException">A value was missing or wrong: the run does not count.</exception>
    public async Task MeasureAsync(ClusterRounds rounds, CancellationToken cancellationToken)
    {
        var data = new ClientData(settings.Keys, settings.ValueBytes);
        var clients = new Dictionary<GranaryCluster, ICacheUnderTest>();
        try
        {
            foreach (GranaryCluster cluster in rounds.Clusters)
            {
                ICacheUnderTest client = await GranaryClientCache.ConnectAsync(cluster.Silos[0]);
                clients.Add(cluster, client);
                await ClientLoad.FillAsync(client, data, cancellationToken);
            }

            foreach (Workload workload in settings.Workloads)
            {
                await rounds.RunAsync(
                    $".NET client, {workload}",
                    async (cluster, _) => ClusterResult.Of(await ClientLoad.RunAsync(
                        clients[cluster], data, workload, settings.Warmup, settings.Duration, cluster.ProcessIds,
                        cancellationToken)),
                    cancellationToken);
            }
        }
        finally
        {
            foreach (ICacheUnderTest client in clients.Values)
            {
                await client.DisposeAsync();
            }
        }
    }
}
