using Granary.Memcached.Server;
using Granary.Reports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Granary.Memcached;

/// <summary>Adds the memcached port to a silo that has the cache.</summary>
public static class GranaryMemcachedExtensions
{
    /// <summary>Adds the memcached port.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="configure">Sets options; they are validated at start.</param>
    public static IServiceCollection AddGranaryMemcached(
        this IServiceCollection services, Action<GatewayOptions>? configure = null)
    {
        services.AddOptions<GatewayOptions>().Configure(options => configure?.Invoke(options)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.AddSingleton<MemcachedGateway>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<MemcachedGateway>());
        services.AddHostedService<GatewayMeter>();
        services.AddSingleton<IReportSource, GatewayReport>();
        return services;
    }
}
