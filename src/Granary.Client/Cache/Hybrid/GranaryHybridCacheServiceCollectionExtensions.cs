using Granary.Client;
using Granary.Client.Cache.Hybrid;
using Granary.Client.Routing;
using Granary.Client.Values;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Granary's hybrid cache to an application.</summary>
public static class GranaryHybridCacheServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="HybridCache"/>: values in this process' memory, of whose changes the silos tell; a factory that runs once in the
    /// whole cluster; tags that reach every process. It needs <c>AddGranaryClient</c>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options; validated when the host starts.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>
    /// Values are written by <see cref="GranaryClientOptions.Json"/> and <see cref="GranaryClientOptions.Serializers"/>. Everybody gets
    /// an object of his own, unless nobody can change it: a string, a value without references, a sealed class with
    /// <c>[ImmutableObject(true)]</c>.
    /// </remarks>
    public static IServiceCollection AddGranaryHybridCache(
        this IServiceCollection services, Action<GranaryHybridCacheOptions>? configure = null)
    {
        AddOptions(services, Options.Options.DefaultName, configure);
        services.AddSingleton<HybridCache>(static provider => Make(provider, Options.Options.DefaultName));
        return services;
    }

    /// <summary>As <see cref="AddGranaryHybridCache"/>, for those who ask with a key.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="serviceKey">The service's key; as text the name of the options.</param>
    /// <param name="configure">Sets options; validated when the host starts.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>All have the same entries, unless each has a <see cref="GranaryHybridCacheOptions.KeyPrefix"/>.</remarks>
    public static IServiceCollection AddKeyedGranaryHybridCache(
        this IServiceCollection services, object serviceKey, Action<GranaryHybridCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        string name = serviceKey.ToString() ?? Options.Options.DefaultName;
        AddOptions(services, name, configure);
        services.AddKeyedSingleton<HybridCache>(serviceKey, (provider, _) => Make(provider, name));
        return services;
    }

    private static void AddOptions(IServiceCollection services, string name, Action<GranaryHybridCacheOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<GranaryHybridCacheOptions>(name).Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<GranaryHybridCacheOptions>, GranaryHybridCacheOptionsValidator>());
    }

    private static GranaryHybridCache Make(IServiceProvider provider, string name)
    {
        GranaryClientOptions client = provider.GetRequiredService<IOptions<GranaryClientOptions>>().Value;
        return new GranaryHybridCache(
            provider.GetRequiredService<IOptionsMonitor<GranaryHybridCacheOptions>>().Get(name),
            provider.GetService<GranaryCache>()
                ?? throw new InvalidOperationException("The hybrid cache needs a client: call AddGranaryClient as well."),
            provider.GetRequiredService<Router>(),
            provider.GetRequiredService<MapSource>(),
            new EntryCodec(new ValueCodec(client.Json, [.. client.Serializers]), client.CompressValuesFrom),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<GranaryHybridCache>>());
    }
}
