using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Granary.Streams.Tests.Silos;

internal static class SiloExtensions
{
    public static IAsyncStream<int> Implicit(this TestSilo silo, string key, string provider = TestSilo.Durable) =>
        silo.Stream(provider, StreamId.Create(ImplicitSubscriber.Namespace, key));

    public static IAsyncStream<int> Explicit(this TestSilo silo, string key, string provider = TestSilo.Durable) =>
        silo.Stream(provider, StreamId.Create("explicit", key));

    public static IAsyncStream<string> TextStream(this TestSilo silo, string key) =>
        silo.Services.GetRequiredKeyedService<IStreamProvider>(TestSilo.Durable)
            .GetStream<string>(StreamId.Create("explicit", key));

    public static IExplicitSubscriber Subscriber(
        this TestSilo silo, string stream, string name, string provider = TestSilo.Durable) =>
        silo.Grains.GetGrain<IExplicitSubscriber>($"{provider}|{stream}|{name}");

    public static async Task<IExplicitSubscriber> SubscribeAsync(
        this TestSilo silo, string stream, string name, string provider = TestSilo.Durable)
    {
        IExplicitSubscriber subscriber = silo.Subscriber(stream, name, provider);
        await subscriber.SubscribeAsync(provider, StreamId.Create("explicit", stream));
        return subscriber;
    }

    private static IAsyncStream<int> Stream(this TestSilo silo, string provider, StreamId stream) =>
        silo.Services.GetRequiredKeyedService<IStreamProvider>(provider).GetStream<int>(stream);
}
