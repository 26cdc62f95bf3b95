using System.Globalization;
using Granary.Client;
using Granary.ClusterTests.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.Direct;

/// <summary>A .NET client's operations go to the silo that holds their shard, and no further.</summary>
[Collection(ProcessCollection.Name)]
public sealed class OneHopTests(ITestOutputHelper output)
{
    private const int Keys = 3000;
    private const int Rounds = 10;
    private const int Workers = 8;

    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Gets_OfTheDotNetClient_CauseNoMessageBetweenSilosAsync()
    {
        using var meters = new OrleansMeters();
        await using InProcessSilo a = await InProcessSilo.StartAsync("a");
        await using InProcessSilo b = await InProcessSilo.StartAsync("b", primary: a);
        await using InProcessSilo c = await InProcessSilo.StartAsync("c", primary: a);
        InProcessSilo[] silos = [a, b, c];
        await Poll.UntilAsync(
            "the shards are divided",
            ReadyDeadline,
            () => Array.TrueForAll(silos, silo => silo.Cache is { IsReady: true, MovingShards: 0 })
                && silos.Sum(silo => silo.Cache.OpenShards) == a.Cache.Store.Options.ShardCount);
        using IHost client = await StartClientAsync(a.GatewayPort);
        IGranaryCache cache = client.Services.GetRequiredService<IGranaryCache>();
        await cache.SetManyAsync(Enumerable.Range(0, Keys).Select(key => KeyValuePair.Create(KeyOf(key), key)));
        await GetAllAsync(cache, rounds: 1);

        Traffic before = Sum(meters, silos);
        await GetAllAsync(cache, Rounds);
        Traffic after = Sum(meters, silos);

        double fromClient = after.FromClients - before.FromClients;
        double betweenSilos = after.Received - before.Received - fromClient;
        output.WriteLine($"{fromClient} messages from the client, {betweenSilos} between silos");
        Assert.True(fromClient >= Keys, $"{fromClient} messages are too few to tell anything.");
        Assert.True(
            betweenSilos < fromClient / 50,
            $"{betweenSilos} messages between silos for {fromClient} from the client.");
    }

    private readonly record struct Traffic(double FromClients, double Received);

    private static Traffic Sum(OrleansMeters meters, InProcessSilo[] silos)
    {
        Dictionary<string, double>[] counters = Array.ConvertAll(silos, silo => meters.Read(silo.Meters));
        return new Traffic(
            counters.Sum(silo => silo.GetValueOrDefault(OrleansMeters.ReceivedByGateway)),
            counters.Sum(silo => silo.GetValueOrDefault(OrleansMeters.Received)));
    }

    private static string KeyOf(int number) => string.Create(CultureInfo.InvariantCulture, $"key-{number}");

    private static async Task<IHost> StartClientAsync(int gatewayPort)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddMetrics();
        builder.Services.AddGranaryClient(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{gatewayPort}"));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    // A few at a time, so that the gets are thousands of messages, not some large ones.
    private static async Task GetAllAsync(IGranaryCache cache, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, Keys),
                new ParallelOptions { MaxDegreeOfParallelism = Workers },
                async (key, cancellationToken) =>
                {
                    CacheEntry<int> entry = await cache.GetAsync<int>(KeyOf(key), cancellationToken);
                    Assert.True(entry.IsHit && entry.Value == key, $"{KeyOf(key)} is {entry}.");
                });
        }
    }
}
