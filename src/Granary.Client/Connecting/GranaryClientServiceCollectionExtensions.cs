using Granary;
using Granary.Client;
using Granary.Client.Cache.Leases;
using Granary.Client.Connecting;
using Granary.Client.Queues.Calls;
using Granary.Client.Routing;
using Granary.Security;
using Granary.Security.Certificates;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Serialization;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Granary's client to an application.</summary>
public static class GranaryClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IGranaryCache"/>, <see cref="IGranaryLeases"/>, <see cref="IGranaryQueues"/> and the Orleans client that they
    /// talk through. The host's start waits for the first connection.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="seeds">
    /// Gateways to ask first, <c>host:30000,host2:30000</c>; a name may have many addresses. The others are learnt from
    /// the cluster. The port may be left out: 30000.
    /// </param>
    /// <param name="configure">Sets options; validated when the host starts.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="ArgumentException">A seed is malformed; the message names it.</exception>
    /// <exception cref="InvalidOperationException">The client was added before.</exception>
    /// <remarks>To configure the Orleans client further, call <c>AddOrleansClient</c> as well: it adds up.</remarks>
    public static IServiceCollection AddGranaryClient(
        this IServiceCollection services, string seeds, Action<GranaryClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        SeedList seedList = SeedList.Parse(seeds);
        AddCalls(services, configure);
        services.AddSingleton(seedList);
        services.AddOptions<ClusterOptions>().Configure<IOptions<GranaryClientOptions>>(static (cluster, client) =>
        {
            cluster.ClusterId = client.Value.ClusterId;
            cluster.ServiceId = client.Value.ServiceId;
        });

        services.AddOrleansClient(static client =>
        {
            client.Services.AddSerializer(static serializer =>
                serializer.AddAssembly(typeof(ICacheSiloService).Assembly));
            client.Services.Configure<GatewayOptions>(static gateway =>
                gateway.GatewayListRefreshPeriod = GatewayList.Period);

            // A receive that is cancelled may have been answered: its messages are to be given back, not thrown away.
            client.Services.Configure<ClientMessagingOptions>(static messaging =>
                messaging.WaitForCancellationAcknowledgement = true);
        });
        services.AddGranaryTls(PeerRole.Client, static provider => TlsOf(provider)!);
        services.AddOptions<ClientConnectionOptions>().Configure<IServiceProvider>(static (connections, provider) =>
        {
            if (TlsOf(provider) is not null)
            {
                connections.ConfigureConnection(static silo => silo.UseOutboundTls());
            }
        });
        services.AddSingleton<IClientConnectionRetryFilter, ConnectRetryFilter>();
        services.AddSingleton<GatewayList>();
        services.AddSingleton<IGatewayListProvider>(static provider => provider.GetRequiredService<GatewayList>());

        services.AddSingleton<IClusterAccess, OrleansAccess>();
        services.AddSingleton<GatewayWatch>();
        return services;
    }

    /// <summary>
    /// Adds <see cref="IGranaryCache"/>, <see cref="IGranaryLeases"/> and <see cref="IGranaryQueues"/> to an application that is a
    /// silo itself, by <c>AddGranaryCache</c> and, for queues, <c>AddGranaryQueues</c>: what this silo holds is a call away.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options; those of connections mean nothing here.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <exception cref="InvalidOperationException">The client was added before.</exception>
    public static IServiceCollection AddGranaryClient(
        this IServiceCollection services, Action<GranaryClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        AddCalls(services, configure);
        services.AddSingleton<IClusterAccess>(static provider => new SiloAccess(
            provider.GetService<ISiloCluster>() ?? throw new InvalidOperationException(
                "AddGranaryClient without seeds is for a silo that has the cache: call AddGranaryCache, or name a silo."),
            provider.GetRequiredService<IGrainFactory>()));
        return services;
    }

    private static void AddCalls(IServiceCollection services, Action<GranaryClientOptions>? configure)
    {
        if (services.Any(static service => service.ServiceType == typeof(Router)))
        {
            throw new InvalidOperationException("AddGranaryClient was called before; one process has one client.");
        }

        services.AddOptions<GranaryClientOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GranaryClientOptions>, GranaryClientOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<MapSource>();
        services.AddSingleton<IGranaryCluster, GranaryCluster>();
        services.AddSingleton<Router>();
        services.AddSingleton<IGatewaySource>(static provider => provider.GetRequiredService<Router>());
        services.AddSingleton<GranaryCache>();
        services.AddSingleton<IGranaryCache>(static provider => provider.GetRequiredService<GranaryCache>());
        services.AddSingleton<IGranaryLeases, GranaryLeases>();
        services.AddSingleton<IQueueAccess, OrleansQueueAccess>();
        services.AddSingleton(static provider => new QueueCalls(
            provider.GetRequiredService<IQueueAccess>(),
            provider.GetRequiredService<IOptions<GranaryClientOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Router>().RefreshMap,
            provider.GetService<GatewayWatch>() is { } watch ? watch.Suspect : static () => { }));
        services.AddSingleton<IGranaryQueues, GranaryQueues>();
    }

    private static TlsFiles? TlsOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<GranaryClientOptions>>().Value.Tls;
}
