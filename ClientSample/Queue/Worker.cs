using Granary.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.ClientSample.Queue;

/// <summary>A process that works on orders.</summary>
internal static class Worker
{
    public static async Task<IHost> StartAsync(string silo, Shop shop, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error); // a failed message is a warning, and this sample tells of it itself
        builder.Services.AddSingleton(shop);
        builder.Services.AddGranaryClient(silo);
        builder.Services.Configure<GranaryClientOptions>(Connection.Secure);
        builder.Services.AddQueueWorker<ShipOrder>("orders", options => options.MaxConcurrentCalls = 4);
        IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>Works until it is stopped, or until it has crashed.</summary>
    public static async Task<int> RunAsync(string silo, bool crashes, CancellationToken cancellationToken)
    {
        using IHost host = await StartAsync(silo, new Shop { Crashes = crashes }, cancellationToken);
        await host.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
}
