using System.Runtime.CompilerServices;
using Granary.Benchmarks.Peers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>.NET's distributed cache, with an expiration as applications give it.</summary>
internal sealed class DistributedCacheClient(IHost host) : ICacheUnderTest
{
    private readonly IDistributedCache _cache = host.Services.GetRequiredService<IDistributedCache>();
    private readonly DistributedCacheEntryOptions _options = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromHours(1) };

    public static async Task<ICacheUnderTest> ConnectAsync(RunningPeer server) =>
        new DistributedCacheClient(await CacheHosts.StartAsync(server));

    // The builder that pools keeps this adapter's own state machine out of the allocation that is measured.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<byte[]?> GetAsync(string key) => await _cache.GetAsync(key);

    public ValueTask SetAsync(string key, byte[] value) => new(_cache.SetAsync(key, value, _options));

    public ValueTask<int> GetManyAsync(string[] keys) =>
        throw new NotSupportedException("IDistributedCache has no reads of several keys.");

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
