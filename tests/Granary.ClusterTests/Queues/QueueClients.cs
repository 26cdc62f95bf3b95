using Granary.Client;
using Granary.ClusterTests.Silos;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.ClusterTests.Queues;

/// <summary>Clients of queues, each a connection of its own, all ended together.</summary>
internal sealed class QueueClients : IAsyncDisposable
{
    private readonly List<IHost> _clients = [];

    /// <summary>Connects one more.</summary>
    /// <param name="silos">Where it begins; it learns of others from them.</param>
    /// <param name="configure">Adds to its services.</param>
    public async Task<IHost> ConnectAsync(
        IEnumerable<SiloProcess> silos, Action<IServiceCollection>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Services.AddGranaryClient(
            string.Join(',', silos.Select(silo => silo.Gateway)),
            options => options.OperationTimeout = TimeSpan.FromMinutes(1)); // a restart is to be waited for
        configure?.Invoke(builder.Services);
        IHost host = builder.Build();
        _clients.Add(host);
        await host.StartAsync();
        return host;
    }

    /// <summary>The queues, by one more.</summary>
    public async Task<IGranaryQueues> QueuesAsync(IEnumerable<SiloProcess> silos) =>
        (await ConnectAsync(silos)).Services.GetRequiredService<IGranaryQueues>();

    public async ValueTask DisposeAsync()
    {
        foreach (IHost client in _clients)
        {
            await client.StopAsync();
            client.Dispose();
        }
    }
}
