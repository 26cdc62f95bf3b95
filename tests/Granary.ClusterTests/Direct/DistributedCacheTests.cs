using System.Diagnostics;
using System.Globalization;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.Direct;

/// <summary>.NET's distributed cache over a silo: sessions, and as the second level of a hybrid cache.</summary>
[Collection(ProcessCollection.Name)]
public sealed class DistributedCacheTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(800);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DistributedCache_OfASilo_ServesSessionsAndAHybridCacheAsync()
    {
        await using InProcessSilo silo = await InProcessSilo.StartAsync("a");
        using IHost client = await StartClientAsync(silo.GatewayPort);
        using MemcachedConnection memcached = await MemcachedConnection.OpenAsync(silo.MemcachedPort);

        await AssertSlidesAsync(client.Services.GetRequiredService<IDistributedCache>(), memcached);
        await AssertIsSecondLevelAsync(client.Services);
        await client.StopAsync(Token);
    }

    // Each of the reads is by one of the ways that there are. One that comes too late, because the machine was busy, is none.
    private static async Task AssertSlidesAsync(IDistributedCache cache, MemcachedConnection memcached)
    {
        var options = new DistributedCacheEntryOptions { SlidingExpiration = Window };
        Func<Task<string?>>[] reads =
        [
            () => cache.GetStringAsync("session", Token),
            () => Task.FromResult(cache.GetString("session")),
            async () => await memcached.GetAsync("session"),
            async () =>
            {
                await cache.RefreshAsync("session", Token);
                return "3 apples";
            },
        ];
        await cache.SetStringAsync("session", "3 apples", options, Token);
        var clock = Stopwatch.StartNew();
        TimeSpan last = clock.Elapsed;
        for (int read = 0; clock.Elapsed < 2 * Window; read++)
        {
            await Task.Delay(Window / 4, Token);
            TimeSpan began = clock.Elapsed;
            string? found = await reads[read % reads.Length]();
            if (clock.Elapsed - last < Window)
            {
                Assert.Equal("3 apples", found);
            }
            else
            {
                await cache.SetStringAsync("session", "3 apples", options, Token);
            }

            last = began;
        }

        await Task.Delay(Window * 1.5, Token);
        Assert.Null(await cache.GetStringAsync("session", Token));
    }

    private static async Task AssertIsSecondLevelAsync(IServiceProvider services)
    {
        var hybrid = services.GetRequiredService<HybridCache>();
        byte[] large = new byte[200_000];
        large.AsSpan().Fill(7);
        await hybrid.SetAsync("small", "text", cancellationToken: Token);
        await hybrid.SetAsync("large", large, cancellationToken: Token);
        var secondLevelOnly = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableLocalCache };

        string small = await hybrid.GetOrCreateAsync("small", MissedAsync<string>, secondLevelOnly, cancellationToken: Token);
        byte[] found = await hybrid.GetOrCreateAsync("large", MissedAsync<byte[]>, secondLevelOnly, cancellationToken: Token);

        Assert.Equal("text", small);
        Assert.Equal(large, found);
        await hybrid.RemoveAsync("small", Token);
        Assert.Null(await services.GetRequiredService<IDistributedCache>().GetAsync("small", Token));
    }

    private static ValueTask<T> MissedAsync<T>(CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The second level did not have it.");

    private static async Task<IHost> StartClientAsync(int gatewayPort)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddGranaryClient(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{gatewayPort}"));
        builder.Services.AddGranaryDistributedCache();
        builder.Services.AddHybridCache();
        IHost host = builder.Build();
        await host.StartAsync(Token);
        return host;
    }
}
