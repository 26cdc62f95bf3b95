using Granary.Clustering.PostgreSql;
using Granary.Security;
using Granary.Security.Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Granary.Clustering;

/// <summary>Adds to a silo how it finds the others.</summary>
public static class GranaryClusteringSiloBuilderExtensions
{
    /// <summary>
    /// Adds the membership, in PostgreSQL or on a primary silo, with settings under which a silo's death is noticed in
    /// seconds, and the end of a silo that the others have declared dead: <see cref="Environment.Exit"/> with code 70.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Sets where to find the others.</param>
    /// <exception cref="ArgumentException">The options have no place for the membership, or two.</exception>
    /// <exception cref="GranaryException">The store's connection string cannot be read.</exception>
    public static ISiloBuilder AddGranaryClustering(this ISiloBuilder silo, Action<ClusteringOptions> configure)
    {
        var options = new ClusteringOptions();
        configure(options);
        if (options.StoreConnection is null == options.Primary is null)
        {
            throw new ArgumentException(
                "ClusteringOptions must have a store or a primary, and not both.", nameof(configure));
        }

        IServiceCollection services = silo.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.Configure<ClusterMembershipOptions>(FailureDetection.Configure);
        services.AddSingleton<IFatalErrorHandler>(provider => new FatalExit(
            provider.GetRequiredService<ILocalSiloDetails>(),
            provider.GetRequiredService<ILoggerFactory>(),
            Environment.Exit));
        if (options.Tls is { } tls)
        {
            AddTls(services, tls);
        }

        return options.StoreConnection is null
            ? silo.UseDevelopmentClustering(options.Primary)
            : AddStore(silo, new ClusterStore(options.StoreConnection), options.StoreTimeout);
    }

    private static void AddTls(IServiceCollection services, TlsFiles files)
    {
        services.AddGranaryTls(PeerRole.Silo, _ => files);
        services.Configure<SiloConnectionOptions>(static connections =>
        {
            connections.ConfigureSiloInboundConnection(static silo => silo.UseInboundTls(PeerRole.Silo));
            connections.ConfigureGatewayInboundConnection(static client => client.UseInboundTls(PeerRole.Client));
            connections.ConfigureSiloOutboundConnection(static silo => silo.UseOutboundTls());
        });
    }

    private static ISiloBuilder AddStore(ISiloBuilder silo, ClusterStore store, TimeSpan timeout)
    {
        silo.Services.AddSingleton(_ => store); // by a factory, so that the host disposes it
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => new StoreStart(
            store,
            new StoreSchema(store),
            timeout,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<StoreStart>>()));
        return silo.UseAdoNetClustering((OptionsBuilder<AdoNetClusteringSiloOptions> provider) =>
            provider.Configure<ClusterStore>((settings, opened) =>
            {
                settings.Invariant = "Npgsql";
                settings.DataSource = opened.DataSource;
            }));
    }
}
