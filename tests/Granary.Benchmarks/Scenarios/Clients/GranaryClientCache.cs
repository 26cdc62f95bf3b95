using System.Runtime.CompilerServices;
using Granary.Benchmarks.Peers;
using Granary.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>Granary's client as an application uses it: one registration, defaults.</summary>
internal sealed class GranaryClientCache : ICacheUnderTest
{
    private readonly IHost _host;
    private readonly IGranaryCache _cache;

    private GranaryClientCache(IHost host)
    {
        _host = host;
        _cache = host.Services.GetRequiredService<IGranaryCache>();
    }

    public static async Task<ICacheUnderTest> ConnectAsync(RunningPeer server) =>
        new GranaryClientCache(await GranaryClient.StartAsync(server, CancellationToken.None));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<byte[]?> GetAsync(string key)
    {
        CacheEntry<byte[]> entry = await _cache.GetAsync<byte[]>(key);
        return entry.Value;
    }

    public ValueTask SetAsync(string key, byte[] value) => _cache.SetAsync(key, value);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> GetManyAsync(string[] keys)
    {
        int hits = 0;
        foreach (CacheEntry<byte[]> entry in await _cache.GetManyAsync<byte[]>(keys))
        {
            hits += entry.IsHit ? 1 : 0;
        }

        return hits;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
