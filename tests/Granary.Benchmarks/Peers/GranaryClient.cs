using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.Benchmarks.Peers;

/// <summary>Granary's .NET client as an application has it: one registration, defaults.</summary>
internal static class GranaryClient
{
    /// <param name="silo">It is asked first; the client learns the others.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="configure">Adds to the Orleans client what an application would: stream providers.</param>
    /// <returns>Holds the services; the caller stops and disposes it.</returns>
    public static async Task<IHost> StartAsync(
        RunningPeer silo, CancellationToken cancellationToken, Action<IClientBuilder>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddGranaryClient(silo.Gateway!.ToString());
        builder.Services.AddOrleansClient(client => configure?.Invoke(client));
        IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }
}
