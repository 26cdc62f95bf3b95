using System.Net;
using Granary.Cache;
using Granary.Clustering;
using Granary.Console;
using Granary.Memcached;
using Granary.Queues;
using Granary.Security;
using Granary.Silo.Access;
using Granary.Silo.Settings;
using Granary.Streams;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Granary.Silo.Hosting;

/// <summary>Wires a silo: the cache, the queues, the memcached port, Orleans, the dashboard, health, metrics.</summary>
internal static class SiloHost
{
    // What a stop may take beside the hand-off of the shards, before the process is ended.
    internal static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(30);

    private const string ClusterName = "granary";
    private const string DashboardPath = "/dashboard";

    /// <summary>Builds the host, and everything that can be refused is refused here.</summary>
    /// <exception cref="SettingsException">An option has a value that it cannot have.</exception>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> commandLine)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddInMemoryCollection(commandLine);
        var settings = new SiloSettings(builder.Configuration);
        settings.Validate();
        Ports ports = Ports.Choose(settings);

        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(ports);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.HandOffTime + TimeToStop);
        builder.Services.AddSingleton<OpenRequests>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<OpenRequests>()); // before the hand-off's
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, string.Empty); // .NET's images set it: for --http-port
        builder.AddAccessControl(settings.Credentials.AccessTokens);
        builder.WebHost.ConfigureKestrel(kestrel => HttpPort.Listen(kestrel, settings, ports));
        builder.Host.UseOrleans(silo => ConfigureSilo(silo, settings, ports));
        builder.Services.AddGranaryMemcached(options =>
        {
            settings.Memcached.Apply(options);
            options.Threads = settings.MemcachedThreads;
            options.MaxConnections = settings.MaxConnections;
            options.UserFile = settings.MemcachedUsers;
            options.Access = settings.Namespaces.Access;
        });
        if (settings.HasMemcachedTls)
        {
            builder.Services.AddOptions<Memcached.Server.GatewayOptions>().Configure<TlsCredentials>(
                static (options, credentials) => options.Tls = credentials.CreateServerOptions);
        }

        builder.Services.AddTelemetry(settings);
        builder.Services.AddGranaryConsole();
        builder.Services.AddHostedService<MemoryReload>();
        builder.Services.AddHostedService<ReadyAnnouncement>();
        builder.Services.AddHostedService<PidFile>(); // after the memcached port, which accepts when the file is there

        WebApplication app = builder.Build();
        app.Use(app.Services.GetRequiredService<OpenRequests>().RunAsync);
        app.MapLogin();
        app.MapHealth();
        app.MapMetrics();
        app.MapQueueDepths();
        if (settings.Dashboard)
        {
            app.MapDashboard(DashboardPath);
        }

        app.MapConsole(settings);
        return app;
    }

    private static void MapConsole(this WebApplication app, SiloSettings settings) => app
        .MapGranaryConsole(new ConsoleOptions
        {
            SiloName = settings.Name,
            Version = typeof(SiloHost).Assembly.GetName().Version!.ToString(3),
            IsOpen = !AccessControl.HasTokens(app),
            OperatorRole = $"{AccessRole.Operator}",
            DashboardPath = settings.Dashboard ? DashboardPath : null,
            LogoutPath = LoginEndpoints.LogoutPath,
        })
        .Restrict(app, AccessRole.Operator);

    private static void ConfigureSilo(ISiloBuilder silo, SiloSettings settings, Ports ports)
    {
        IPEndPoint? primary = settings.ClusterStore is null
            ? settings.Primary ?? new IPEndPoint(settings.Advertise, ports.Silo)
            : null;
        silo.AddGranaryClustering(options =>
        {
            options.StoreConnection = settings.ClusterStore;
            options.Primary = primary;
            options.Tls = settings.Credentials.Tls;
        });
        silo.Configure<ClusterOptions>(options =>
        {
            options.ClusterId = ClusterName;
            options.ServiceId = ClusterName;
        });
        silo.Configure<Orleans.Configuration.SiloOptions>(options => options.SiloName = settings.Name);
        silo.Configure<EndpointOptions>(options =>
        {
            options.AdvertisedIPAddress = settings.Advertise;
            options.SiloPort = ports.Silo;
            options.GatewayPort = ports.Gateway;
            options.SiloListeningEndpoint = new IPEndPoint(settings.Bind, ports.Silo);
            options.GatewayListeningEndpoint = new IPEndPoint(settings.Bind, ports.Gateway);
        });
        silo.AddGranaryQueues(options => // before the cache, which tells the others that this silo leaves
        {
            options.StoreConnection = settings.ClusterStore;
            options.Keeper = primary;
            options.Folder = settings.DataFolder;
        });
        foreach (string provider in settings.StreamProviders)
        {
            silo.AddGranaryStreams(provider);
        }

        silo.AddGranaryCache(options =>
        {
            options.MemoryLimitBytes = settings.MemoryBytes;
            options.Eviction = settings.Eviction;
            options.MaxValueBytes = settings.MaxItemBytesAllowed;
            options.ShardCount = settings.ShardCount;
            options.Namespaces = settings.Namespaces.All;
            options.Replicas = settings.Replicas;
            options.HotCopies = settings.HotCopies;
            options.HandOffTime = settings.HandOffTime;
            options.TakeOverTime = settings.TakeOverTime;
            options.SaveFile = settings.SaveFile;
        });
        if (settings.Dashboard)
        {
            silo.AddDashboard();
        }
    }
}
