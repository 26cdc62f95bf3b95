using Granary.Benchmarks.Peers;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>.NET's hybrid cache, that keeps nothing in memory: a call is one of its second level.</summary>
internal sealed class HybridCacheClient(IHost host) : ICacheUnderTest
{
    private readonly HybridCache _cache = host.Services.GetRequiredService<HybridCache>();

    private readonly HybridCacheEntryOptions _sets =
        new() { Expiration = TimeSpan.FromHours(1), Flags = HybridCacheEntryFlags.DisableLocalCache };

    // What the second level does not have is null.
    private readonly HybridCacheEntryOptions _gets =
        new() { Flags = HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableUnderlyingData };

    public static async Task<ICacheUnderTest> ConnectAsync(RunningPeer server) =>
        new HybridCacheClient(await CacheHosts.StartAsync(server));

    public ValueTask<byte[]?> GetAsync(string key) =>
        _cache.GetOrCreateAsync(key, static _ => new ValueTask<byte[]?>((byte[]?)null), _gets);

    public ValueTask SetAsync(string key, byte[] value) => _cache.SetAsync(key, value, _sets);

    public ValueTask<int> GetManyAsync(string[] keys) =>
        throw new NotSupportedException("HybridCache has no reads of several keys.");

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
