using System.Diagnostics.Metrics;
using System.Globalization;
using Granary.Cache;
using Granary.Memcached.Server;
using Granary.Silo.Hosting;
using Granary.Silo.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Granary.ClusterTests.Direct;

/// <summary>A silo in the test's own process, on free ports: for what only its process can see.</summary>
internal sealed class InProcessSilo : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly WebApplication _host;

    private InProcessSilo(WebApplication host)
    {
        _host = host;
    }

    public int MemcachedPort => _host.Services.GetRequiredService<MemcachedGateway>().EndPoint.Port;

    public int GatewayPort => _host.Services.GetRequiredService<Ports>().Gateway;

    /// <summary>The scope of the silo's meters, which tells them from those of other hosts.</summary>
    public IMeterFactory Meters => _host.Services.GetRequiredService<IMeterFactory>();

    public LocalCache Cache => _host.Services.GetRequiredService<LocalCache>();

    /// <summary>Starts a silo, and waits until it serves its shards.</summary>
    /// <param name="name">Unique in its cluster.</param>
    /// <param name="primary">The silo that holds the membership; none for the first.</param>
    /// <exception cref="TimeoutException">Not ready in 60 s.</exception>
    public static async Task<InProcessSilo> StartAsync(string name, InProcessSilo? primary = null)
    {
        var options = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [SiloOptions.Name.Key] = name,
            [SiloOptions.Memory.Key] = "64MiB",
            [SiloOptions.MemcachedPort.Key] = "0",
            [SiloOptions.SiloPort.Key] = "0",
            [SiloOptions.GatewayPort.Key] = "0",
            [SiloOptions.HttpPort.Key] = "0",
            [SiloOptions.Data.Key] = Directory.CreateTempSubdirectory("granary-silo-").FullName,
            [SiloOptions.Dashboard.Key] = "false", // it sends messages of its own
            ["Logging:LogLevel:Default"] = "Error",
        };
        if (primary is not null)
        {
            int port = primary._host.Services.GetRequiredService<Ports>().Silo;
            options[SiloOptions.Primary.Key] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        }

        var silo = new InProcessSilo(SiloHost.Build(options));
        try
        {
            using var deadline = new CancellationTokenSource(StartDeadline);
            await silo._host.StartAsync(deadline.Token);
            await Poll.UntilAsync($"silo {name} is ready", StartDeadline, () => silo.Cache.IsReady);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
    }
}
