using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.ClientSample;

/// <summary>A host with a Granary client in it, as any application has one.</summary>
internal static class Connection
{
    public static async Task<IHost> OpenAsync(
        string silo, CancellationToken cancellationToken, LogLevel leastLevel = LogLevel.Warning)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(leastLevel);
        builder.Services.AddGranaryClient(silo);
        IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }
}
