using Granary.Queues;
using Granary.Streams.Adapter;
using Granary.Streams.Partitions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Granary.Streams;

/// <summary>What a provider needs on silos and on clients.</summary>
internal static class StreamServices
{
    /// <exception cref="ArgumentException">The name or an option makes no sense.</exception>
    public static GranaryStreamOptions Add(
        IServiceCollection services, string name, Action<GranaryStreamOptions>? configure)
    {
        QueueLimits.CheckName(ProviderQueue.SubscriptionsNameOf(name));
        GranaryStreamOptions options = new();
        configure?.Invoke(options);
        options.Validate();
        services.AddOptions<GranaryStreamOptions>(name).Configure(chosen => configure?.Invoke(chosen));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SteadyTimeProvider>();
        services.TryAddSingleton<StreamBody>();
        services.AddKeyedSingleton(name, (provider, _) => new StreamAdapter(
            name,
            options,
            provider.GetRequiredService<IGrainFactory>(),
            provider.GetRequiredService<StreamBody>(),
            provider.GetRequiredService<SteadyTimeProvider>(),
            provider.GetRequiredService<ILogger<StreamAdapter>>()));
        return options;
    }

    public static IQueueAdapterFactory AdapterOf(IServiceProvider services, string name) =>
        services.GetRequiredKeyedService<StreamAdapter>(name);
}
