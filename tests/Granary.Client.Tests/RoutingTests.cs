using Granary.Client.Tests.Doubles;
using Granary.Wire;

namespace Granary.Client.Tests;

public sealed class RoutingTests
{
    [Fact]
    public async Task Get_GoesToTheOwnerByTheMap()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 3).ConnectedAsync();
        var map = new ClusterMap(FakeCluster.ShardCount, ["silo-0", "silo-1", "silo-2"]);

        for (int i = 0; i < 50; i++)
        {
            string key = $"key{i}";
            await cluster.Cache.GetAsync<string>(key);

            int shard = ShardHash.ShardOf(System.Text.Encoding.UTF8.GetBytes(key), FakeCluster.ShardCount);
            Assert.Contains(cluster.Silos[map.OwnerOf(shard)].Messages, message => message.Contains(key));
        }
    }

    [Fact]
    public async Task Reply_WithNewerView_FetchesTheMapAndDrainingSilosGetNothing()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        var fetched = new TaskCompletionSource();
        cluster.Map = FakeCluster.MapOf(2, cluster.Silos, draining: 1);
        cluster.BeforeMap = () =>
        {
            fetched.TrySetResult();
            return Task.CompletedTask;
        };
        cluster.Silos[0].ViewVersion = cluster.Silos[1].ViewVersion = 2;

        await cluster.Cache.GetAsync<string>("key");
        await fetched.Task.WaitAsync(TestContext.Current.CancellationToken);
        await cluster.SettledAsync();
        cluster.Silos[1].Reset();
        await cluster.Cache.GetManyAsync<string>([.. Enumerable.Range(0, 50).Select(i => $"key{i}")]);

        Assert.Empty(cluster.Silos[1].Messages);
    }

    // What is on its way is with who has it, not with who is to get it: a silo that drains, or not the one that joins.
    [Fact]
    public async Task Get_OfADisplacedShard_GoesToItsHolder()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        ServedMap map = FakeCluster.MapOf(2, cluster.Silos, draining: 1);
        int displaced = ShardHash.ShardOf("key"u8, FakeCluster.ShardCount);
        string other = Enumerable.Range(0, 100).Select(i => $"key{i}").First(
            key => ShardHash.ShardOf(System.Text.Encoding.UTF8.GetBytes(key), FakeCluster.ShardCount) != displaced);
        cluster.Map = map with { Displaced = [new DisplacedShard(displaced, Silo: 1)] };
        await cluster.SettledAsync();

        await cluster.Cache.GetAsync<string>("key");
        await cluster.Cache.GetAsync<string>(other);

        Assert.Contains(Assert.Single(cluster.Silos[1].Messages), message => message == "key");
        Assert.Contains(Assert.Single(cluster.Silos[0].Messages), message => message == other);
    }

    [Fact]
    public async Task Reply_WhileAShardIsDisplaced_FetchesTheMapSoon()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        cluster.Map = cluster.Map with { ViewVersion = 2, Displaced = [new DisplacedShard(0, Silo: 1)] };
        await cluster.SettledAsync();
        var fetched = new TaskCompletionSource();
        cluster.BeforeMap = () =>
        {
            fetched.TrySetResult();
            return Task.CompletedTask;
        };

        await cluster.Cache.GetAsync<string>("key");

        await fetched.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Map_OlderThanOurs_IsIgnoredUnlessTheClusterIsAnother()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        cluster.Map = FakeCluster.MapOf(0, cluster.Silos, draining: 1);
        await cluster.SettledAsync();
        await cluster.Cache.GetManyAsync<string>([.. Enumerable.Range(0, 50).Select(i => $"key{i}")]);
        Assert.NotEmpty(cluster.Silos[1].Messages);

        var reborn = new FakeSilo(cluster.Store);
        cluster.Map = FakeCluster.MapOf(0, [reborn]) with { Silos = [FakeCluster.Serve(reborn, 7)] };
        await cluster.SettledAsync();
        await cluster.Cache.GetAsync<string>("key");

        Assert.Single(reborn.Messages);
    }

    [Fact]
    public async Task Silo_ThatLeft_HandsOnWhatWaitsForIt()
    {
        using FakeCluster cluster =
            await new FakeCluster(silos: 2, o => o.MessagesInFlightPerSilo = 1).ConnectedAsync();
        var gate = new TaskCompletionSource();
        cluster.Silos[1].BeforeExecute = _ => gate.Task;
        string[] keys = [.. Enumerable.Range(0, 50).Select(i => $"key{i}")];
        Task held = cluster.Cache.GetManyAsync<string>(keys).AsTask();
        Task waiting = cluster.Cache.SetManyAsync(keys.Select(key => KeyValuePair.Create(key, 1))).AsTask();

        cluster.Map = FakeCluster.MapOf(2, [cluster.Silos[0]]);
        await cluster.SettledAsync();
        await waiting;

        Assert.Equal(50, cluster.Silos[0].Messages.TakeLast(2).SelectMany(message => message).Distinct().Count());
        Assert.False(held.IsCompleted);
        gate.SetResult();
        await held;
    }

    [Fact]
    public async Task Silo_ThatDoesNotAnswer_HandsOnWhatWaitsForIt()
    {
        using FakeCluster cluster =
            await new FakeCluster(silos: 2, o => o.MessagesInFlightPerSilo = 1).ConnectedAsync();
        var gate = new TaskCompletionSource();
        cluster.Silos[1].BeforeExecute = _ => gate.Task;
        string[] keys = [.. Enumerable.Range(0, 50).Select(i => $"key{i}")];
        Task held = cluster.Cache.GetManyAsync<string>(keys).AsTask();
        Task waiting = cluster.Cache.SetManyAsync(keys.Select(key => KeyValuePair.Create(key, 1))).AsTask();

        cluster.Time.Advance(TimeSpan.FromSeconds(1.5));
        await waiting;
        await cluster.Cache.SetManyAsync(keys.Select(key => KeyValuePair.Create(key, 2)));

        Assert.False(held.IsCompleted);
        Assert.Single(cluster.Silos[1].Messages);
        gate.SetResult();
        await held;
        await cluster.Cache.GetManyAsync<string>(keys);
        Assert.Equal(2, cluster.Silos[1].Messages.Count);
    }

    [Fact]
    public async Task Gateways_FollowTheMap_AndFallBackToTheSeeds()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        Assert.Equal(
            ["gwy.tcp://127.0.0.1:30000/0", "gwy.tcp://127.0.0.1:30001/0"],
            (await cluster.Gateways.GetGateways()).Select(uri => uri.ToString()));

        cluster.Map = FakeCluster.MapOf(2, []) with { Silos = [FakeCluster.Serve(cluster.Silos[1], 1)] };
        await cluster.SettledAsync();
        Assert.Equal(
            ["gwy.tcp://127.0.0.1:30001/0"],
            (await cluster.Gateways.GetGateways()).Select(uri => uri.ToString()));

        cluster.Gateways.MarkStale();
        Assert.Equal(
            ["gwy.tcp://127.0.0.1:30001/0", "gwy.tcp://127.0.0.1:30000/0"],
            (await cluster.Gateways.GetGateways()).Select(uri => uri.ToString()));
    }

    [Fact]
    public async Task NoRoom_IsUnavailable()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Silo.Override = _ => CacheStatus.NoRoom;

        await Assert.ThrowsAsync<GranaryUnavailableException>(() => cluster.Cache.SetAsync("key", 1).AsTask());
        await Assert.ThrowsAsync<GranaryUnavailableException>(() => cluster.Cache.GetAsync<int>("key").AsTask());
        await Assert.ThrowsAsync<GranaryUnavailableException>(() => cluster.Cache.GetManyAsync<int>(["key"]).AsTask());
        await Assert.ThrowsAsync<GranaryUnavailableException>(
            () => cluster.Cache.GetAndTouchAsync<int>("key", TimeSpan.FromSeconds(1)).AsTask());
    }
}
