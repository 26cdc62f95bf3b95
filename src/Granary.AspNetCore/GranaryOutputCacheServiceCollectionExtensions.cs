using Granary.AspNetCore;
using Granary.Client;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds ASP.NET Core's output cache over Granary to an application.</summary>
public static class GranaryOutputCacheServiceCollectionExtensions
{
    private const int MaxPrefixLength = 256;

    /// <summary>
    /// Has the output cache keep its responses in the cluster, shared by all instances of the application, and evict them by
    /// tag there. It needs <c>AddGranaryClient</c> and ASP.NET Core's <c>AddOutputCache</c>, in any order.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets options; validated when the host starts.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddGranaryOutputCache(
        this IServiceCollection services, Action<GranaryOutputCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<GranaryOutputCacheOptions>()
            .Configure(configure ?? (static _ => { }))
            .Validate(
                static options => options.Prefix is { Length: <= MaxPrefixLength },
                $"GranaryOutputCacheOptions.Prefix must have at most {MaxPrefixLength} characters; empty is none.")
            .ValidateOnStart();
        services.Replace(ServiceDescriptor.Singleton<IOutputCacheStore>(static provider => new GranaryOutputCacheStore(
            provider.GetRequiredService<IGranaryCache>(),
            provider.GetRequiredService<IOptions<GranaryOutputCacheOptions>>().Value)));
        return services;
    }
}
