using Granary.Benchmarks.Peers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>An application's host with .NET's caches in it, over the server that it is given. The caller stops and disposes it.</summary>
internal static class CacheHosts
{
    /// <summary>With <c>IDistributedCache</c> and <c>HybridCache</c>, defaults.</summary>
    public static async Task<IHost> StartAsync(RunningPeer server)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        if (server.Gateway is { } gateway)
        {
            builder.Services.AddGranaryClient(gateway.ToString());
            builder.Services.AddGranaryDistributedCache();
        }
        else
        {
            builder.Services.AddStackExchangeRedisCache(options => options.Configuration = server.EndPoint.ToString());
        }

        builder.Services.AddHybridCache();
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
