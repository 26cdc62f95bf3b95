using Granary.Client.Tests.Doubles;

namespace Granary.Client.Tests;

/// <summary>Entries with tags, and the removal by them.</summary>
public sealed class TagTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_OfEveryKindOfStore_HaveTheirTags()
    {
        var time = new PausingTimeProvider();
        using var owner = new RealOwner(time);
        using FakeCluster cluster = Start(owner, time);
        IGranaryCache cache = cluster.Cache;
        var tagged = new EntryOptions { Tags = ["red", "blue"], Flags = 7 };
        await cache.SetAsync("set", 1, tagged, Token);
        await cache.SetManyAsync([KeyValuePair.Create("many", 1)], tagged, Token);
        await cache.AddAsync("add", 1, tagged, Token);
        await cache.SetAsync("replace", 0, cancellationToken: Token);
        await cache.ReplaceAsync("replace", 1, tagged, Token);
        await cache.SetAsync("cas", 0, cancellationToken: Token);
        CacheEntry<int> before = await cache.GetAsync<int>("cas", Token);
        Assert.Equal(CompareAndSetResult.Exists, await cache.CompareAndSetAsync("cas", 2, before.Cas + 1, tagged, Token));
        Assert.Equal(CompareAndSetResult.Stored, await cache.CompareAndSetAsync("cas", 1, before.Cas, tagged, Token));
        await cache.GetOrCreateAsync("made", static _ => ValueTask.FromResult(1), tagged, Token);
        await cache.IncrementOrCreateAsync("count", 1, tagged, Token);
        await cache.SetAsync("other", 1, new EntryOptions { Tags = ["blue"] }, Token);
        string[] keys = ["set", "many", "add", "replace", "cas", "made", "count", "other"];
        Assert.All(await cache.GetManyAsync<int>(keys, Token), static entry => Assert.Equal(1, entry.Value));
        Assert.Equal(7u, (await cache.GetAsync<int>("set", Token)).Flags);

        await cache.RemoveByTagAsync("red", Token);

        Assert.Equal(
            [false, false, false, false, false, false, false, true],
            (await cache.GetManyAsync<int>(keys, Token)).Select(static entry => entry.IsHit));
    }

    [Fact]
    public async Task Entry_WithTagsAndAWindow_HasBoth()
    {
        var time = new PausingTimeProvider();
        using var owner = new RealOwner(time);
        using FakeCluster cluster = Start(owner, time);
        var options = new EntryOptions { Tags = ["red"], SlidingExpiration = TimeSpan.FromSeconds(10) };
        await cluster.Cache.SetAsync("key", 1, options, Token);
        time.Advance(TimeSpan.FromSeconds(8));
        Assert.True((await cluster.Cache.GetAsync<int>("key", Token)).IsHit);
        time.Advance(TimeSpan.FromSeconds(8));

        Assert.True((await cluster.Cache.GetAsync<int>("key", Token)).IsHit);

        time.Advance(TimeSpan.FromSeconds(11));
        Assert.False((await cluster.Cache.GetAsync<int>("key", Token)).IsHit);
    }

    [Fact]
    public void Tags_ThatCannotBe_AreRefused()
    {
        Assert.Throws<ArgumentException>(static () => new EntryOptions { Tags = [.. Enumerable.Range(0, 16).Select(static tag => $"{tag}")] });
        Assert.Throws<ArgumentException>(static () => new EntryOptions { Tags = ["good", ""] });
        Assert.Throws<ArgumentException>(static () => new EntryOptions { Tags = [new string('t', 1025)] });
        Assert.Equal(["good"], new EntryOptions { Tags = ["good"] }.Tags);
    }

    [Fact]
    public async Task Removal_ThatFails_IsDoneAgain()
    {
        int calls = 0;
        using var cluster = new FakeCluster
        {
            DropTags = _ => ++calls < 3 ? throw new TimeoutException("lost") : default,
        };

        await cluster.Cache.RemoveByTagAsync("red", Token);

        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Removal_ThatIsNeverAnswered_HasAnUnknownOutcome()
    {
        using var cluster = new FakeCluster { DropTags = static _ => throw new TimeoutException("lost") };

        var error = await Assert.ThrowsAsync<GranaryOutcomeUnknownException>(
            async () => await cluster.Cache.RemoveByTagAsync("red", Token));

        Assert.Contains("lost", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Removal_OfManyTags_GoesInParts_EachTagOnce()
    {
        var parts = new List<int>();
        using var cluster = new FakeCluster
        {
            DropTags = tags =>
            {
                parts.Add(tags.Length);
                return default;
            },
        };

        await cluster.Cache.RemoveByTagAsync(Enumerable.Range(0, 3000).Select(static number => $"{number % 1500}"), Token);

        Assert.Equal([1000, 500], parts);
    }

    [Fact]
    public async Task RemovalOfANamespace_ThatFails_IsDoneAgain_AndOneThatThereIsNotIsRefused()
    {
        List<string> names = [];
        using var cluster = new FakeCluster
        {
            DropNamespace = name =>
            {
                names.Add(name);
                return names.Count < 3 ? throw new TimeoutException("lost") : ValueTask.FromResult(name == "shop");
            },
        };

        await cluster.Cache.RemoveNamespaceAsync("shop", Token);

        Assert.Equal(["shop", "shop", "shop"], names);
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await cluster.Cache.RemoveNamespaceAsync("none", Token));
        Assert.StartsWith("The silo that was asked has no namespace 'none'.", error.Message, StringComparison.Ordinal);
    }

    private static FakeCluster Start(RealOwner owner, PausingTimeProvider time) => new(time: time, owner: owner)
    {
        DropTags = tags =>
        {
            Array.ForEach(tags, tag => owner.Store.DropTag(0, tag));
            return default;
        },
    };
}
