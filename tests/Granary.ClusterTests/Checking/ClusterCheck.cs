using System.Net;
using Granary.Client;
using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Silos;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.Checking;

/// <summary>A workload on a cluster of silo processes: connections to every silo, and one .NET client.</summary>
internal sealed class ClusterCheck : IAsyncDisposable
{
    private readonly IHost _client;
    private readonly ICaller[] _callers;

    private ClusterCheck(IHost client, Endpoints endpoints, ICaller[] callers, Workload workload)
    {
        _client = client;
        _callers = callers;
        Endpoints = endpoints;
        Workload = workload;
    }

    /// <summary>Where memcached callers connect to, as a load balancer would know: faults set it.</summary>
    public Endpoints Endpoints { get; }

    public Workload Workload { get; }

    public IGranaryCache Cache => _client.Services.GetRequiredService<IGranaryCache>();

    public IServiceProvider Client => _client.Services;

    public HybridCache Hybrid => _client.Services.GetRequiredService<HybridCache>();

    /// <summary>Connects, stores what must be there, and begins the load.</summary>
    public static async Task<ClusterCheck> StartAsync(SiloCluster cluster, WorkloadSettings settings)
    {
        var endpoints = new Endpoints();
        endpoints.Set(cluster.Silos.Select(silo => silo.Memcached));
        IHost client = await StartClientAsync(cluster.Silos.Select(silo => silo.Gateway), settings);
        IGranaryCache cache = client.Services.GetRequiredService<IGranaryCache>();
        // The protocols alternate, so that each has its part of everything that is shared out by the worker's number.
        ICaller[] callers =
        [
            .. Enumerable.Range(0, settings.MemcachedCallers)
                .Select(number => (Order: (number + 0.5) / settings.MemcachedCallers, Caller: (ICaller)new MemcachedCaller(
                    endpoints, number, settings.AnswerTimeout)))
                .Concat(Enumerable.Range(0, settings.ClientCallers)
                    .Select(number => (Order: (number + 0.6) / settings.ClientCallers, Caller: (ICaller)new ClientCaller(cache))))
                .OrderBy(pair => pair.Order)
                .Select(pair => pair.Caller),
        ];
        try
        {
            return new ClusterCheck(client, endpoints, callers, await Workload.StartAsync(settings, callers));
        }
        catch
        {
            await StopAsync(client, callers);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Workload.Dispose();
        await StopAsync(_client, _callers);
    }

    private static async Task<IHost> StartClientAsync(IEnumerable<IPEndPoint> gateways, WorkloadSettings settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddGranaryClient(
            string.Join(',', gateways), options => options.OperationTimeout = settings.AnswerTimeout);
        builder.Services.AddGranaryHybridCache();
        builder.Services.AddGranaryDistributedCache();
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static async Task StopAsync(IHost client, ICaller[] callers)
    {
        Array.ForEach(callers, caller => caller.Dispose());
        await client.StopAsync();
        client.Dispose();
    }
}
