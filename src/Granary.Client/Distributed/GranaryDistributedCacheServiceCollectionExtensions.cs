using Granary.Client;
using Granary.Client.Distributed;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds .NET's distributed cache over Granary to an application.</summary>
public static class GranaryDistributedCacheServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IDistributedCache"/> and <see cref="IBufferDistributedCache"/>, one singleton for both: for sessions,
    /// <c>HybridCache</c>, and whatever else asks for them. It needs <c>AddGranaryClient</c>.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options; validated when the host starts.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddGranaryDistributedCache(
        this IServiceCollection services, Action<GranaryDistributedCacheOptions>? configure = null)
    {
        AddOptions(services, Options.Options.DefaultName, configure);
        services.AddSingleton(static provider => Make(provider, Options.Options.DefaultName));
        services.AddSingleton<IDistributedCache>(
            static provider => provider.GetRequiredService<GranaryDistributedCache>());
        services.AddSingleton<IBufferDistributedCache>(
            static provider => provider.GetRequiredService<GranaryDistributedCache>());
        return services;
    }

    /// <summary>As <see cref="AddGranaryDistributedCache"/>, for those who ask with a key.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="serviceKey">The services' key; as text the name of the options.</param>
    /// <param name="configure">Sets options; validated when the host starts.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>All have the same entries, unless each has a <see cref="GranaryDistributedCacheOptions.KeyPrefix"/>.</remarks>
    public static IServiceCollection AddKeyedGranaryDistributedCache(
        this IServiceCollection services, object serviceKey, Action<GranaryDistributedCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        string name = serviceKey.ToString() ?? Options.Options.DefaultName;
        AddOptions(services, name, configure);
        services.AddKeyedSingleton(serviceKey, (provider, _) => Make(provider, name));
        services.AddKeyedSingleton<IDistributedCache>(
            serviceKey, static (provider, key) => provider.GetRequiredKeyedService<GranaryDistributedCache>(key));
        services.AddKeyedSingleton<IBufferDistributedCache>(
            serviceKey, static (provider, key) => provider.GetRequiredKeyedService<GranaryDistributedCache>(key));
        return services;
    }

    private static void AddOptions(
        IServiceCollection services, string name, Action<GranaryDistributedCacheOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<GranaryDistributedCacheOptions>(name)
            .Configure(configure ?? (static _ => { }))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor
            .Singleton<IValidateOptions<GranaryDistributedCacheOptions>, GranaryDistributedCacheOptionsValidator>());
    }

    private static GranaryDistributedCache Make(IServiceProvider provider, string name) => new(
        provider.GetService<GranaryCache>()
            ?? throw new InvalidOperationException("The distributed cache needs a client: call AddGranaryClient as well."),
        provider.GetRequiredService<IOptionsMonitor<GranaryDistributedCacheOptions>>().Get(name),
        provider.GetRequiredService<TimeProvider>());
}
