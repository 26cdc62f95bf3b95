using System.Net;
using System.Net.Sockets;
using Granary.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Granary.Streams.Tests.Silos;

/// <summary>A silo of a plain Orleans application, in the test's process, with real ports.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    /// <summary>The provider that the tests are about.</summary>
    public const string Durable = "durable";

    /// <summary>Orleans' own, beside it.</summary>
    public const string Memory = "memory";

    private readonly IHost _host;

    private TestSilo(IHost host, IPEndPoint endPoint, IPEndPoint gateway)
    {
        _host = host;
        EndPoint = endPoint;
        Gateway = gateway;
    }

    /// <summary>For other silos.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>For clients.</summary>
    public IPEndPoint Gateway { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public IServiceProvider Services => _host.Services;

    /// <summary>Starts a silo, which keeps the queues if it is the first.</summary>
    public static async Task<TestSilo> StartAsync(
        TestSilo? first = null, Action<GranaryStreamOptions>? configure = null, string? folder = null)
    {
        (int siloPort, int gatewayPort) = (FreePort(), FreePort());
        IPEndPoint self = new(IPAddress.Loopback, siloPort);
        IPEndPoint keeper = first?.EndPoint ?? self;
        folder ??= Directory.CreateTempSubdirectory("granary-streams-").FullName;
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(Environment.GetEnvironmentVariable("GRANARY_LOG") is { } level
            ? Enum.Parse<LogLevel>(level)
            : LogLevel.Critical);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(siloPort, gatewayPort, keeper);
            silo.Configure<ClusterMembershipOptions>(options =>
            {
                options.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                options.NumMissedProbesLimit = 2;
            });
#pragma warning disable ORLEANSEXP003 // the default directory deactivates grains on healthy silos whenever any silo leaves
            silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
            silo.AddGranaryQueues(options =>
            {
                options.Keeper = keeper;
                options.Folder = folder;
            });
            silo.AddGranaryStreams(Durable, configure);
            silo.AddMemoryStreams(Memory);
            silo.AddMemoryGrainStorage("PubSubStore");
        });
        TestSilo silo = new(builder.Build(), self, new IPEndPoint(IPAddress.Loopback, gatewayPort));
        await silo._host.StartAsync();
        return silo;
    }

    /// <summary>Stops it as SIGTERM does.</summary>
    public Task StopAsync() => _host.StopAsync();

    /// <summary>Ends it without a word to anybody, as far as that is possible in a process that goes on.</summary>
    public async Task KillAsync()
    {
        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _host.StopAsync(now.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        (_host as IDisposable).Dispose();
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
