using System.Net;
using System.Net.Sockets;
using Granary.Cache;
using Granary.Client;
using Granary.Clustering;
using Granary.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace Granary.ClusterTests.Direct;

/// <summary>Applications that are silos themselves.</summary>
public sealed class CohostTests
{
    private const int Keys = 500;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Applications_ThatAreSilos_ShareACacheAndQueuesAsync()
    {
        IPEndPoint primary = FreeEndPoint();
        using IHost one = await StartAsync("one", primary, primary);
        using IHost two = await StartAsync("two", FreeEndPoint(), primary);
        var cacheOfOne = one.Services.GetRequiredService<IGranaryCache>();
        var cacheOfTwo = two.Services.GetRequiredService<IGranaryCache>();
        string[] keys = [.. Enumerable.Range(0, Keys).Select(static number => $"key:{number:d3}")];

        await Task.WhenAll(keys.Select(key => cacheOfOne.SetAsync(key, key, cancellationToken: Token).AsTask()));
        CacheEntry<string>[] entries = await cacheOfTwo.GetManyAsync<string>(keys, Token);
        Assert.Equal(keys, entries.Select(static entry => entry.Value), StringComparer.Ordinal);
        Assert.Equal(keys, await ScanAsync(cacheOfTwo), StringComparer.Ordinal);

        byte[] large = new byte[700_000];
        new Random(1).NextBytes(large);
        await cacheOfOne.SetAsync("large", large, cancellationToken: Token);
        Assert.Equal(large, (await cacheOfTwo.GetAsync<byte[]>("large", Token)).Value);

        await AssertTagsAsync(cacheOfOne, cacheOfTwo, large);

        // A grain's turn is not kept by what it asks the cache.
        string answer = await one.Services.GetRequiredService<IGrainFactory>().GetGrain<IAskingGrain>(0).AskAsync(keys);
        Assert.Equal(string.Join(',', keys), answer);

        await AssertQueueAsync(one.Services.GetRequiredService<IGranaryQueues>(), two.Services.GetRequiredService<IGranaryQueues>());
        await two.StopAsync(Token);
        entries = await cacheOfOne.GetManyAsync<string>(keys, Token);
        Assert.Equal(keys, entries.Select(static entry => entry.Value), StringComparer.Ordinal);
        await one.StopAsync(Token);
    }

    private static async Task AssertTagsAsync(IGranaryCache one, IGranaryCache two, byte[] large)
    {
        string[] keys = [.. Enumerable.Range(0, 50).Select(static number => $"tagged:{number}")];
        await one.SetManyAsync(
            keys.Select(static key => KeyValuePair.Create(key, key)), new EntryOptions { Tags = ["page", "user:1"] }, Token);
        await one.SetAsync("tagged:large", large, new EntryOptions { Tags = ["page"], SlidingExpiration = TimeSpan.FromHours(1) }, Token);
        await one.SetAsync("other", "stays", new EntryOptions { Tags = ["user:2"] }, Token);

        await two.RemoveByTagAsync("page", Token);

        Assert.DoesNotContain(await two.GetManyAsync<string>([.. keys, "tagged:large"], Token), static entry => entry.IsHit);
        Assert.Equal("stays", (await one.GetAsync<string>("other", Token)).Value);
        await two.RemoveByTagAsync(["user:1", "user:2"], Token);
        Assert.False((await one.GetAsync<string>("other", Token)).IsHit);
    }

    [Fact]
    public void Client_WithoutASilo_SaysWhatIsMissing()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddGranaryClient();
        using ServiceProvider provider = services.BuildServiceProvider();

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => provider.GetRequiredService<IGranaryCache>());

        Assert.Contains("call AddGranaryCache, or name a silo", error.Message, StringComparison.Ordinal);
    }

    private static async Task AssertQueueAsync(IGranaryQueues one, IGranaryQueues two)
    {
        await one.CreateSender("letters").SendAsync(QueueMessage.Of("to you"), Token);
        IQueueReceiver receiver = two.CreateReceiver("letters");
        ReceivedMessage message = Assert.Single(await receiver.ReceiveAsync(1, TimeSpan.FromSeconds(30), Token));
        Assert.Equal("to you", message.As<string>());
        await receiver.CompleteAsync(message, Token);
    }

    private static async Task<List<string>> ScanAsync(IGranaryCache cache)
    {
        var found = new List<string>();
        await foreach (CacheKey key in cache.ScanAsync("key:", Token))
        {
            found.Add(key.ToString());
        }

        found.Sort(StringComparer.Ordinal);
        return found;
    }

    private static async Task<IHost> StartAsync(string name, IPEndPoint silo, IPEndPoint primary)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.UseOrleans(orleans => orleans
            .ConfigureEndpoints(silo.Address, silo.Port, gatewayPort: FreeEndPoint().Port)
            .Configure<ClusterOptions>(static options => options.ClusterId = options.ServiceId = "cohost")
            .Configure<Orleans.Configuration.SiloOptions>(options => options.SiloName = name)
            .AddGranaryClustering(options => options.Primary = primary)
            .AddGranaryQueues(options =>
            {
                options.Keeper = primary;
                options.Folder = Directory.CreateTempSubdirectory("granary-cohost-").FullName;
            })
            .AddGranaryCache(static options => options.MemoryLimitBytes = 64 << 20));
        builder.Services.AddGranaryClient();
        IHost host = builder.Build();
        await host.StartAsync(Token);
        await Poll.UntilAsync(
            $"{name} is ready", TimeSpan.FromSeconds(60), () => host.Services.GetRequiredService<LocalCache>().IsReady);
        return host;
    }

    private static IPEndPoint FreeEndPoint()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
