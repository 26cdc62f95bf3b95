using Granary.Client.Tests.Doubles;
using Granary.Wire;

namespace Granary.Client.Tests;

public sealed class OperationTests
{
    [Fact]
    public async Task Entry_LivesThroughEveryOperation()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        IGranaryCache cache = cluster.Cache;

        Assert.False((await cache.GetAsync<string>("key")).IsHit);
        Assert.False(await cache.ReplaceAsync("key", "b"));
        Assert.False(await cache.AppendAsync("key", "b"));
        Assert.False(await cache.TouchAsync("key", TimeSpan.FromSeconds(1)));
        Assert.False(await cache.DeleteAsync("key"));
        Assert.True(await cache.AddAsync("key", "b"));
        Assert.False(await cache.AddAsync("key", "c"));
        Assert.True(await cache.AppendAsync("key", "c"));
        Assert.True(await cache.PrependAsync("key", "a"));
        Assert.Equal("abc", (await cache.GetAsync<string>("key")).Value);
        Assert.True(await cache.ReplaceAsync("key", "d"));
        Assert.True(await cache.DeleteAsync("key"));
    }

    [Fact]
    public async Task CompareAndSet_TellsTheRaceFromTheAbsent()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        IGranaryCache cache = cluster.Cache;

        Assert.Equal(CompareAndSetResult.NotFound, await cache.CompareAndSetAsync("key", "a", 1));
        await cache.SetAsync("key", "a");
        CacheEntry<string> entry = await cache.GetAsync<string>("key");
        Assert.Equal(CompareAndSetResult.Stored, await cache.CompareAndSetAsync("key", "b", entry.Cas));
        Assert.Equal(CompareAndSetResult.Exists, await cache.CompareAndSetAsync("key", "c", entry.Cas));
    }

    [Fact]
    public async Task Counter_CountsAndStopsAtZero()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        IGranaryCache cache = cluster.Cache;

        Assert.Null(await cache.IncrementAsync("key"));
        await cache.SetAsync("key", 10);
        Assert.Equal(11ul, await cache.IncrementAsync("key"));
        Assert.Equal(16ul, await cache.IncrementAsync("key", 5));
        Assert.Equal(0ul, await cache.DecrementAsync("key", 100));
        await cache.SetAsync("key", "text");
        await Assert.ThrowsAsync<InvalidOperationException>(() => cache.IncrementAsync("key").AsTask());
    }

    [Fact]
    public async Task Expiration_IsSentAsGiven()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        IGranaryCache cache = cluster.Cache;
        var time = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

        await cache.SetAsync("after", 1, TimeSpan.FromMinutes(5));
        await cache.SetAsync("at", 1, time);
        await cache.SetAsync("never", 1);
        await cache.SetAsync("both", 1, new EntryOptions { Expiration = TimeSpan.FromTicks(1), Flags = 16 });
        await cache.SetAsync("touched", 1);
        await cache.GetAndTouchAsync<int>("touched", TimeSpan.FromSeconds(2));

        Assert.Equal(300_000, cluster.Store["after"]!.Expiration);
        Assert.Equal(-time.ToUnixTimeMilliseconds(), cluster.Store["at"]!.Expiration);
        Assert.Equal(0, cluster.Store["never"]!.Expiration);
        Assert.Equal((1, 16u), (cluster.Store["both"]!.Expiration, cluster.Store["both"]!.Flags));
        Assert.Equal(2000, cluster.Store["touched"]!.Expiration);
        Assert.Throws<ArgumentOutOfRangeException>(() => Expiration.After(TimeSpan.Zero));
        Assert.True(Expiration.After(TimeSpan.MaxValue).Raw > 0);
    }

    [Fact]
    public async Task SlidingExpiration_IsSentWithEveryStore()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        IGranaryCache cache = cluster.Cache;
        var options = new EntryOptions
        {
            SlidingExpiration = TimeSpan.FromTicks(1),
            Expiration = TimeSpan.FromSeconds(3),
            Flags = 5,
        };

        await cache.SetAsync("set", "a", options);
        await cache.AddAsync("add", "a", options);
        await cache.ReplaceAsync("add", "a", options with { SlidingExpiration = TimeSpan.FromDays(1000) });
        await cache.SetManyAsync([KeyValuePair.Create("many", "a")], options);
        await cache.SetAsync("swapped", "a");
        ulong cas = (await cache.GetAsync<string>("swapped")).Cas;
        await cache.CompareAndSetAsync("swapped", "b", cas, options);
        await cache.SetAsync("pages", new byte[3 << 20], options);

        Assert.Equal((1, 3000, 5u), Kept("set"));
        Assert.Equal((86_400_000_000, 3000, 5u), Kept("add"));
        Assert.Equal((1, 3000, 5u), Kept("many"));
        Assert.Equal((1, 3000, 5u), Kept("swapped"));
        Assert.Equal((1, 3000, 5u), Kept("pages"));

        (long Window, long Expiration, uint Flags) Kept(string key) =>
            (cluster.Store[key]!.Window, cluster.Store[key]!.Expiration, cluster.Store[key]!.Flags);
    }

    [Fact]
    public void SlidingExpiration_AtBelowAndAboveItsBounds()
    {
        Assert.Null(default(EntryOptions).SlidingExpiration);
        Assert.Null(new EntryOptions { SlidingExpiration = null }.SlidingExpiration);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EntryOptions { SlidingExpiration = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EntryOptions { SlidingExpiration = TimeSpan.FromTicks(-1) });
        Assert.True(new EntryOptions { SlidingExpiration = TimeSpan.MaxValue }.Window > 0);
    }

    [Fact]
    public async Task Key_OfTextAndOfBytes_IsTheSame()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();

        await cluster.Cache.SetAsync("schlüssel", 1);

        Assert.Equal(1, (await cluster.Cache.GetAsync<int>("schlüssel"u8.ToArray())).Value);
        Assert.Equal(new CacheKey("schlüssel"), new CacheKey("schlüssel"u8.ToArray()));
        Assert.Equal(new CacheKey("schlüssel").GetHashCode(), new CacheKey("schlüssel"u8.ToArray()).GetHashCode());
    }

    [Fact]
    public async Task Key_AtBelowAndAboveItsBounds()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();

        await cluster.Cache.SetAsync(new string('k', WireLimits.MaxKeyBytes), 1);
        await cluster.Cache.SetAsync("k", 1);
        Assert.Throws<ArgumentException>(() => new CacheKey(""));
        Assert.Throws<ArgumentException>(() => new CacheKey(new string('k', WireLimits.MaxKeyBytes + 1)));
        Assert.Throws<ArgumentException>(() => new CacheKey(new byte[WireLimits.MaxKeyBytes + 1]));
        Assert.ThrowsAny<ArgumentException>(() => new CacheKey("\ud800"));
        await Assert.ThrowsAsync<ArgumentException>(() => cluster.Cache.GetAsync<int>(default(CacheKey)).AsTask());
    }

    [Fact]
    public async Task GetMany_OfNothingAndOfMoreThanAPart()
    {
        using FakeCluster cluster = await new FakeCluster(silos: 2).ConnectedAsync();
        string[] keys = [.. Enumerable.Range(0, 10_000).Select(i => $"key{i}")];
        await cluster.Cache.SetManyAsync(keys.Select((key, i) => KeyValuePair.Create(key, i)));

        Assert.Empty(await cluster.Cache.GetManyAsync<int>(Array.Empty<string>()));
        Assert.Equal(
            Enumerable.Range(0, 10_000),
            (await cluster.Cache.GetManyAsync<int>(keys)).Select(entry => entry.Value));
    }

    [Fact]
    public async Task Result_AwaitedTwice_ThrowsAndHarmsNobody()
    {
        using FakeCluster cluster = await new FakeCluster().ConnectedAsync();
        cluster.Store["key"] = new FakeEntry("1"u8.ToArray());

#pragma warning disable CA2012 // what the test is about
        ValueTask<CacheEntry<int>> get = cluster.Cache.GetAsync<int>("key");
        Assert.Equal(1, (await get).Value);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await get);
#pragma warning restore CA2012
        Assert.Equal(1, (await cluster.Cache.GetAsync<int>("key")).Value);
    }
}
