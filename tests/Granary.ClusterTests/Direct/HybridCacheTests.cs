using System.Globalization;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.Direct;

/// <summary>Granary's hybrid cache in several clients of two silos.</summary>
[Collection(ProcessCollection.Name)]
public sealed class HybridCacheTests
{
    private const int Clients = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clients_KeepWhatTheyRead_AndHearOfEveryChangeAsync()
    {
        await using InProcessSilo silo = await InProcessSilo.StartAsync("a");
        await using InProcessSilo other = await InProcessSilo.StartAsync("b", silo);
        IHost[] hosts = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => StartClientAsync(silo.GatewayPort)));
        HybridCache[] clients = [.. hosts.Select(static host => host.Services.GetRequiredService<HybridCache>())];
        using MemcachedConnection memcached = await MemcachedConnection.OpenAsync(other.MemcachedPort);

        await AssertIsMadeOnceAsync(clients);
        await UntilKeptAsync(clients, "key");

        await memcached.SetAsync("shop/key", "changed");
        await UntilAsync(clients, "key", "changed");
        await UntilKeptAsync(clients, "key");
        await memcached.DeleteAsync("shop/key");
        await UntilAsync(clients, "key", "made");
        await clients[0].SetAsync("tagged", "old", tags: ["red"], cancellationToken: Token);
        await UntilKeptAsync(clients, "tagged");
        await clients[1].RemoveByTagAsync("red", Token);
        await UntilAsync(clients, "tagged", "made");
        string longValue = new('x', (64 << 10) + 1);
        await memcached.SetAsync("shop/long", longValue);
        await AssertIsNeverKeptAsync(clients[0], "long", longValue);

        foreach (IHost host in hosts)
        {
            await host.StopAsync(Token);
            host.Dispose();
        }
    }

    private static async Task AssertIsMadeOnceAsync(HybridCache[] clients)
    {
        int runs = 0;
        string[] values = await Task.WhenAll(Enumerable.Range(0, 1000).Select(caller => clients[caller % Clients].GetOrCreateAsync(
            "key",
            async _ =>
            {
                Interlocked.Increment(ref runs);
                await Task.Delay(100, Token);
                return "made";
            },
            cancellationToken: Token).AsTask()));
        Assert.All(values, static value => Assert.Equal("made", value));
        Assert.Equal(1, runs);
    }

    // Another one is read in turn, which is kept: so the silos are heard.
    private static async Task AssertIsNeverKeptAsync(HybridCache client, string key, string value)
    {
        for (int read = 0; read < 10; read++)
        {
            ValueTask<string> reading = GetAsync(client, key);
            Assert.False(reading.IsCompleted);
            Assert.Equal(value, await reading);
            await UntilKeptAsync([client], "key");
        }
    }

    private static ValueTask<string> GetAsync(HybridCache client, string key) =>
        client.GetOrCreateAsync(key, static _ => new ValueTask<string>("made"), cancellationToken: Token);

    private static Task UntilKeptAsync(HybridCache[] clients, string key) => Task.WhenAll(clients.Select(async client =>
    {
        bool isKept = false;
        while (!isKept)
        {
            ValueTask<string> reading = GetAsync(client, key);
            isKept = reading.IsCompleted;
            await reading;
        }
    }));

    private static Task UntilAsync(HybridCache[] clients, string key, string value) => Task.WhenAll(clients.Select(async client =>
    {
        while (await GetAsync(client, key) != value)
        {
            await Task.Delay(1, Token);
        }
    }));

    private static async Task<IHost> StartClientAsync(int gatewayPort)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddGranaryClient(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{gatewayPort}"));
        builder.Services.AddGranaryHybridCache(static options => options.KeyPrefix = "shop/");
        IHost host = builder.Build();
        await host.StartAsync(Token);
        return host;
    }
}
