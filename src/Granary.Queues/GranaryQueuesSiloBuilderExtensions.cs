using Granary.Queues.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Granary.Queues;

/// <summary>Adds the queues to a silo.</summary>
public static class GranaryQueuesSiloBuilderExtensions
{
    /// <summary>
    /// Adds the queues: every silo answers for them, and one keeps them. If that is this silo it opens their database
    /// before it joins the others.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Says which silo keeps them, and where.</param>
    public static ISiloBuilder AddGranaryQueues(this ISiloBuilder silo, Action<QueueSiloOptions> configure)
    {
        IServiceCollection services = silo.Services;
        services.AddOptions<QueueSiloOptions>().Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<QueueKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<QueueKeeper>());
        services.AddPlacementDirector<QueuePlacement, QueuePlacementDirector>();
        return silo;
    }
}
