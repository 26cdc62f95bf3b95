using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace Granary.ClusterTests.Direct;

/// <summary>A silo, and three clients that each have the same FusionCaches.</summary>
public sealed class FusionClients : IAsyncLifetime
{
    private const int Count = 3;

    private readonly List<IHost> _hosts = [];
    private InProcessSilo? _silo;

    /// <summary>Caches that have a second level alone, one in each client.</summary>
    public IFusionCache[] SecondLevels => CachesOf("second");

    /// <summary>Caches that tell each other what they change.</summary>
    public IFusionCache[] WithBackplane => CachesOf("told");

    /// <summary>Caches of which one makes a value.</summary>
    public IFusionCache[] WithLocker => CachesOf("locked");

    public async ValueTask InitializeAsync()
    {
        _silo = await InProcessSilo.StartAsync("a");
        for (int number = 0; number < Count; number++)
        {
            _hosts.Add(await StartClientAsync(_silo.GatewayPort));
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IHost host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        await (_silo?.DisposeAsync() ?? default);
    }

    private static async Task<IHost> StartClientAsync(int gatewayPort)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.ClearProviders();
        builder.Services.AddGranaryClient(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{gatewayPort}"));
        builder.Services.AddGranaryDistributedCache();
        AddCache(builder.Services, "second");
        AddCache(builder.Services, "told").WithGranaryBackplane();
        AddCache(builder.Services, "locked").WithGranaryDistributedLocker();
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static IFusionCacheBuilder AddCache(IServiceCollection services, string name) => services.AddFusionCache(name)
        .WithCacheKeyPrefixByCacheName()
        .WithOptions(static options => options.WaitForInitialBackplaneSubscribe = true)
        .WithRegisteredDistributedCache()
        .WithSerializer(new FusionCacheSystemTextJsonSerializer());

    private IFusionCache[] CachesOf(string name) =>
        [.. _hosts.Select(host => host.Services.GetRequiredService<IFusionCacheProvider>().GetCache(name))];
}
