using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.Benchmarks.Peers;

/// <summary>Granary's .NET client as an application has it: one registration, defaults.</summary>
internal static class GranaryClient
{
    /// <param name="silo">It is asked first; the client learns the others.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>Holds the services; the caller stops and disposes it.</returns>
    public static async Task<IHost> StartAsync(RunningPeer silo, CancellationToken cancellationToken)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddGranaryClient(silo.Gateway!.ToString());
        IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        return host;
    }
}
