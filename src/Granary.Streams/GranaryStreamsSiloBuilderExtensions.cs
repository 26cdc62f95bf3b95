using Granary.Streams.Adapter;
using Granary.Streams.Subscriptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Runtime.Providers;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.Streams;

namespace Granary.Streams;

/// <summary>Adds stream providers over the queues to a silo.</summary>
public static class GranaryStreamsSiloBuilderExtensions
{
    // Its reads wait by themselves for what comes; this is the pause between two of them.
    private static readonly TimeSpan ReadPeriod = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Adds a stream provider whose events are messages of the queue <c>streams.NAME</c>: an event is sent when it is
    /// confirmed, and stays until all subscriptions of its stream have had it. The silos need <c>AddGranaryQueues</c>;
    /// subscriptions are kept in a queue as well, so no other store is needed.
    /// </summary>
    /// <param name="silo">A silo. All of the cluster's need the provider.</param>
    /// <param name="name">Of the provider: 1 to 100 ASCII letters, digits, '-', '_' or '.'.</param>
    /// <param name="configure">Sets options; the same on all silos and clients.</param>
    /// <exception cref="ArgumentException">The name or an option makes no sense.</exception>
    public static ISiloBuilder AddGranaryStreams(
        this ISiloBuilder silo, string name, Action<GranaryStreamOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        GranaryStreamOptions options = StreamServices.Add(silo.Services, name, configure);
        if (!silo.Services.Any(service => service.ImplementationType == typeof(DeliveryOutcomes)))
        {
            silo.AddOutgoingGrainCallFilter<DeliveryOutcomes>();
        }

        silo.Services.TryAddKeyedSingleton<IGrainStorage>(name, (provider, _) => new SubscriptionStorage(
            name, options, provider.GetRequiredService<IGrainFactory>(), provider.GetRequiredService<Serializer>()));
        return silo.AddPersistentStreams(name, StreamServices.AdapterOf, streams =>
        {
            streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedAndImplicit);
            streams.ConfigureBackoffProvider((_, _) => (IMessageDeliveryBackoffProvider)new OneAttempt());
            streams.ConfigurePullingAgent(agents => agents.Configure(agent =>
            {
                agent.GetQueueMsgsTimerPeriod = ReadPeriod;
                agent.MaxEventDeliveryTime = OneAttempt.DeliveryTime;
                agent.BatchContainerBatchSize = 1; // so that each message has an outcome of its own
            }));
        });
    }
}
