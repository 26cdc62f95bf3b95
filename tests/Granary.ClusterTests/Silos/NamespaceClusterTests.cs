using System.Globalization;
using Granary.Client;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.Silos;

/// <summary>A quota is the cluster's, wherever its shards are; and a namespace goes as one, for clients of every kind.</summary>
[Collection(ProcessCollection.Name)]
public sealed class NamespaceClusterTests
{
    private const long Quota = 4 << 20;
    private const int Entries = 8_000; // of 1 KB: twice the quota

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Namespace_KeepsItsQuotaOverAHandOff_AndIsDroppedWholeAsync()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(
            siloCount: 2, "64MiB", "--replicas", "1", "--namespaces", "shop=4MiB,news");
        await cluster.WaitForSumAsync("granary_shards_protected", 256, Deadline);
        using IHost host = await StartClientAsync(cluster.Primary);
        IGranaryCache cache = host.Services.GetRequiredService<IGranaryCache>();
        await cache.SetAsync("news:1", "news");
        byte[] value = new byte[1_000];
        foreach (int[] part in Enumerable.Range(0, Entries).Chunk(500))
        {
            await cache.SetManyAsync(part.Select(number => KeyValuePair.Create($"shop:{number}", value)));
        }

        using MemcachedConnection first = await MemcachedConnection.OpenAsync(cluster.Primary.Memcached);
        using MemcachedConnection second = await MemcachedConnection.OpenAsync(cluster.Silos[1].Memcached);
        long[] before = [await BytesAsync(first), await BytesAsync(second)];
        Assert.Equal(0, await cluster.Silos[1].TerminateAsync());

        Assert.InRange(before.Sum(), Quota * 8 / 10, Quota + (Quota / 50));
        Assert.All(before, static bytes => Assert.InRange(bytes, Quota * 4 / 10, Quota * 6 / 10));
        Assert.InRange(await BytesAsync(first), Quota * 8 / 10, Quota + (Quota / 50));

        await cache.RemoveNamespaceAsync("shop");
        Assert.Equal(0, await BytesAsync(first));
        Assert.Equal("news", (await cache.GetAsync<string>("news:1")).Value);
    }

    [Fact]
    public async Task FlushAll_OfAConfinedUser_DropsItsNamespaceAloneAsync()
    {
        string users = Path.Combine(ChildProcess.CreateFolder(), "users");
        await File.WriteAllTextAsync(users, "ann:secret\nroot:all\n", TestContext.Current.CancellationToken);
        await using SiloProcess silo = await SiloProcess.StartAsync(
            "a", "64MiB", primary: null, "--namespaces", "shop,news", "--memcached-users", users, "--memcached-access", "ann=shop");
        using MemcachedConnection root = await ConnectAsync(silo, "root all");
        await root.SetAsync("shop:1", "shop");
        await root.SetAsync("news:1", "news");

        using MemcachedConnection ann = await ConnectAsync(silo, "ann secret");
        Assert.Equal("CLIENT_ERROR this user may not do that", await ann.CommandAsync("get news:1"));
        Assert.Equal("OK", await ann.CommandAsync("flush_all"));

        Assert.Null(await root.GetAsync("shop:1"));
        Assert.Equal("news", await root.GetAsync("news:1"));
    }

    private static async Task<IHost> StartClientAsync(SiloProcess silo)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddGranaryClient(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{silo.Ports.Gateway}"));
        IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private static async Task<MemcachedConnection> ConnectAsync(SiloProcess silo, string token)
    {
        MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Memcached);
        Assert.Equal("STORED", await connection.SetAsync("auth", token));
        return connection;
    }

    private static async Task<long> BytesAsync(MemcachedConnection connection) => long.Parse(
        (await connection.StatisticsAsync("namespaces"))["shop:bytes"], CultureInfo.InvariantCulture);
}
