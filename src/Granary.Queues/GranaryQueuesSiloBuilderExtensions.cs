using Granary.Queues.Doors;
using Granary.Queues.Grains;
using Granary.Reports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Serialization;

namespace Granary.Queues;

/// <summary>Adds the queues to a silo.</summary>
public static class GranaryQueuesSiloBuilderExtensions
{
    /// <summary>
    /// Adds the queues: every silo answers for them, and each keeps some, or one keeps all. A silo that keeps any opens
    /// their database before it joins the others.
    /// </summary>
    /// <param name="silo">
    /// The silo. Where all keep some, an <see cref="IClusterMembers"/> is to be added after this: services stop in reverse
    /// order, and partitions move when the others know that this silo leaves.
    /// </param>
    /// <param name="configure">Says who keeps them, and where.</param>
    public static ISiloBuilder AddGranaryQueues(this ISiloBuilder silo, Action<QueueSiloOptions> configure)
    {
        IServiceCollection services = silo.Services;
        var options = new QueueSiloOptions();
        configure(options);
        services.AddOptions<QueueSiloOptions>().Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SteadyTimeProvider>();
        services.AddSingleton<QueueKeeper>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(
            provider => provider.GetRequiredService<QueueKeeper>());
        services.AddSingleton<WaitingReceivers>();
        services.AddSingleton<QueueSilos>();
        services.AddSingleton<StoreReach>();
        silo.AddGrainService<QueueSiloService>();
        services.AddHostedService<QueueMeter>();
        services.AddSingleton<IReportSource, QueueReports>();
        services.AddHostedService<QueueSurvey>();
        if (options.StoreConnection is not null)
        {
            services.AddSingleton<PartitionPlaces>();
            services.AddHostedService<PartitionMover>();
            services.AddHostedService<StoreWatch>();
        }

        services.Configure<ExceptionSerializationOptions>(static options =>
        {
            // They are within ours; what a client does not know it is told as a text.
            options.SupportedNamespacePrefixes.Add(nameof(Granary));
            options.SupportedNamespacePrefixes.Add(nameof(Npgsql));
        });
        services.AddPlacementDirector<QueuePlacement, QueuePlacementDirector>();
        return silo;
    }
}
