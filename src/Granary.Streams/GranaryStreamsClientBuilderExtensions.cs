using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Streams;

namespace Granary.Streams;

/// <summary>Adds stream providers over the queues to a client.</summary>
public static class GranaryStreamsClientBuilderExtensions
{
    /// <summary>
    /// Adds a stream provider that the silos have too (see there): a client sends, and subscribes while it is connected.
    /// </summary>
    /// <param name="client">An Orleans client.</param>
    /// <param name="name">Of the provider.</param>
    /// <param name="configure">Sets options; the same as on the silos.</param>
    /// <exception cref="ArgumentException">The name or an option makes no sense.</exception>
    public static IClientBuilder AddGranaryStreams(
        this IClientBuilder client, string name, Action<GranaryStreamOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        StreamServices.Add(client.Services, name, configure);
        client.Services.AddHostedService<GatewayRefresh>();
        client.Services.AddSerializer(static serializer =>
        {
            serializer.AddAssembly(typeof(GranaryStreamsClientBuilderExtensions).Assembly);
            serializer.AddAssembly(typeof(GranaryException).Assembly);
        });
        return client.AddPersistentStreams(name, StreamServices.AdapterOf, streams =>
            streams.ConfigureStreamPubSub(StreamPubSubType.ExplicitGrainBasedAndImplicit));
    }
}
