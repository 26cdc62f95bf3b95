using Microsoft.Extensions.Caching.Hybrid;

namespace Granary.Client.Tests.Hybrid;

/// <summary>What processes see of each other's changes, and who asks the cluster and makes values.</summary>
public sealed class HybridCacheTests : HybridScene
{
    [Fact]
    public async Task SecondRead_SendsNoMessage()
    {
        HybridProcess one = await StartAsync();

        Assert.Equal("made", await GetAsync(one, "key", "made"));
        Assert.Equal("made", await GetAsync(one, "key", "not made"));
        int messages = one.MessagesOf("key");
        string first = await GetAsync(one, "key", "not made");

        Assert.Same(first, await GetAsync(one, "key", "not made"));
        Assert.Equal(messages, one.MessagesOf("key"));
    }

    [Fact]
    public async Task Change_IsSeenByOthers()
    {
        HybridProcess one = await StartAsync();
        HybridProcess two = await StartAsync();
        await KeepAsync(two, "key", "old");

        await one.Cache.SetAsync("key", "new", cancellationToken: Token);

        Assert.Equal("new", await UntilOtherAsync(two, "key", "old"));
    }

    [Fact]
    public async Task Removal_IsSeenByOthers_AlsoByTag()
    {
        HybridProcess one = await StartAsync();
        HybridProcess two = await StartAsync();
        await KeepAsync(two, "a", "old");
        await KeepAsync(two, "b", "old", "red", "blue");
        await KeepAsync(two, "c", "old", "blue");
        await KeepAsync(two, "d", "old");

        await one.Cache.RemoveAsync("a", Token);
        await one.Cache.RemoveByTagAsync("red", Token);
        Assert.Equal("new", await UntilOtherAsync(two, "a", "old"));
        Assert.Equal("new", await UntilOtherAsync(two, "b", "old"));
        Assert.Equal("old", await GetAsync(two, "c", "new"));

        await one.Cache.RemoveByTagAsync("*", Token);
        Assert.Equal("new", await UntilOtherAsync(two, "c", "old"));
        Assert.Equal("new", await UntilOtherAsync(two, "d", "old"));
    }

    [Fact]
    public async Task OwnChange_IsSeenAtOnce()
    {
        HybridProcess one = await StartAsync();
        one.Watched.BeforeAnswer = static () => Task.Delay(Timeout.Infinite, Token); // nothing is heard any more

        await KeepAsync(one, "key", "1");
        await one.Cache.SetAsync("key", "2", cancellationToken: Token);
        Assert.Equal("2", await GetAsync(one, "key", "?"));
        await one.Cache.RemoveAsync("key", Token);
        Assert.Equal("3", await GetAsync(one, "key", "3", "red"));
        await GetAsync(one, "key", "?");
        await one.Cache.RemoveByTagAsync("red", Token);
        Assert.Equal("4", await GetAsync(one, "key", "4"));
    }

    [Fact]
    public async Task SilentSilo_IsBelievedForTheBound()
    {
        HybridProcess one = await StartAsync();
        await KeepAsync(one, "key", "old");
        int asked = one.Watched.Asked;
        one.Watched.BeforeAnswer = static () => Task.Delay(Timeout.Infinite, Token);
        Owner.Store.Put(0, Granary.Store.Entries.PutMode.Set, "key"u8, "new"u8, 0, default, 0, out _);

        Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal("old", await GetAsync(one, "key", "?")); // asked less than 5 s ago
        Time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal("new", await GetAsync(one, "key", "?"));
        Assert.InRange(one.Watched.Asked, asked, asked + 1);
    }

    [Fact]
    public async Task SiloThatFails_IsNotBelieved()
    {
        HybridProcess one = await StartAsync();
        await KeepAsync(one, "key", "old");

        one.Watched.BeforeAnswer = static () => throw new TimeoutException("dead");
        Owner.Store.Put(0, Granary.Store.Entries.PutMode.Set, "other"u8, "new"u8, 0, default, 0, out _);
        Time.Advance(TimeSpan.FromSeconds(1)); // the silo's patience

        while (await one.IsNearAsync("key"))
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Value_ThatAnotherReadMeanwhileMadeOld_IsNotKept()
    {
        HybridProcess one = await StartAsync();
        await one.Cache.SetAsync("key", "old", cancellationToken: Token);
        one.Silo.AfterExecute = _ =>
        {
            one.Silo.AfterExecute = null; // the answer is under way
            return one.Cache.SetAsync("key", "new", cancellationToken: Token).AsTask();
        };

        Assert.Equal("old", await GetAsync(one, "key", "?"));

        Assert.Equal("new", await GetAsync(one, "key", "?"));
    }

    [Fact]
    public async Task Callers_WhoComeTogether_AskTheClusterOnce()
    {
        HybridProcess one = await StartAsync();
        await one.Cache.SetAsync("key", "there", cancellationToken: Token);
        int asked = AskedFor(one, "key");
        var answer = new TaskCompletionSource();
        one.Silo.AfterExecute = _ => answer.Task;
        using var leaving = new CancellationTokenSource();

        Task<string> first = one.Cache
            .GetOrCreateAsync("key", static _ => new ValueTask<string>("?"), cancellationToken: leaving.Token).AsTask();
        Task<string>[] others = [.. Enumerable.Range(0, 100).Select(_ => GetAsync(one, "key", "?").AsTask())];
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first); // who leaves leaves the others
        answer.SetResult();

        Assert.All(await Task.WhenAll(others), static value => Assert.Equal("there", value));
        Assert.Equal(asked + 1, AskedFor(one, "key"));
        Assert.True(await one.IsNearAsync("key"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Caller_WhoComesAfterAChange_AsksAgain(bool isByTag)
    {
        HybridProcess one = await StartAsync();
        await one.Cache.SetAsync("key", "old", tags: ["red"], cancellationToken: Token);
        var answer = new TaskCompletionSource();
        var isExecuted = new TaskCompletionSource();
        one.Silo.AfterExecute = _ =>
        {
            one.Silo.AfterExecute = null;
            isExecuted.SetResult();
            return answer.Task;
        };
        Task<string> before = GetAsync(one, "key", "?").AsTask();
        await isExecuted.Task;

        await (isByTag
            ? one.Cache.RemoveByTagAsync("red", Token)
            : one.Cache.SetAsync("key", "new", cancellationToken: Token));
        string after = await GetAsync(one, "key", "new");
        answer.SetResult();

        Assert.Equal("new", after);
        Assert.Equal("old", await before); // it has asked before
        Assert.Equal("new", await GetAsync(one, "key", "?"));
    }

    [Fact]
    public async Task Expiration_EndsWhatIsKept()
    {
        HybridProcess one = await StartAsync();
        var options = new HybridCacheEntryOptions { Expiration = TimeSpan.FromSeconds(30), LocalCacheExpiration = TimeSpan.FromSeconds(10) };
        await one.Cache.SetAsync("key", "old", options, cancellationToken: Token);
        await one.Cache.GetOrCreateAsync("key", static _ => new ValueTask<string>("?"), options, cancellationToken: Token);
        Assert.True(await one.IsNearAsync("key"));

        await AdvanceAsync(one, 9);
        Assert.True(await one.IsNearAsync("key"));
        await AdvanceAsync(one, 1);
        Assert.False(await one.IsNearAsync("key"));
        await AdvanceAsync(one, 20);

        Assert.Equal("new", await GetAsync(one, "key", "new"));
    }

    [Fact]
    public async Task StaleValue_IsAnswered_WhileOneMakesItAnew()
    {
        var options = new GranaryHybridCacheOptions
        {
            DefaultEntryOptions = new HybridCacheEntryOptions { Expiration = TimeSpan.FromSeconds(10) },
            StaleFor = TimeSpan.FromSeconds(20),
        };
        HybridProcess one = await StartAsync(options);
        await KeepAsync(one, "key", "old");
        await AdvanceAsync(one, 9);
        Assert.Equal("old", await GetAsync(one, "key", "too early"));
        await AdvanceAsync(one, 2);

        Assert.Equal("old", await GetAsync(one, "key", "new"));

        Assert.Contains(await UntilOtherAsync(one, "key", "old", "newer"), (string[])["new", "newer"]); // whose turn it was
    }

    [Fact]
    public async Task StaleValue_WhoseFactoryFails_Stays()
    {
        var options = new GranaryHybridCacheOptions
        {
            DefaultEntryOptions = new HybridCacheEntryOptions { Expiration = TimeSpan.FromSeconds(10) },
            RefreshAfter = 0.5,
            StaleFor = TimeSpan.FromSeconds(60),
        };
        HybridProcess one = await StartAsync(options);
        await KeepAsync(one, "key", "old");
        await AdvanceAsync(one, 6);
        int runs = 0;
        for (int call = 0; call < 20_000 || Volatile.Read(ref runs) == 0; call++) // enough for another run to begin
        {
            Assert.Equal("old", await one.Cache.GetOrCreateAsync<string>(
                "key",
                _ =>
                {
                    Interlocked.Increment(ref runs);
                    throw new FileNotFoundException();
                },
                cancellationToken: Token));
            await Task.Yield();
        }

        Assert.Equal(1, runs); // the next one is a while later
    }

    [Fact]
    public async Task Outage_IsNoFailure()
    {
        HybridProcess one = await StartAsync();
        HybridProcess two = await StartAsync();
        one.Silo.BeforeExecute = two.Silo.BeforeExecute = static _ => throw new TimeoutException("away");

        Assert.Equal("one", await GetAsync(one, "key", "one"));
        Assert.Equal("two", await GetAsync(two, "key", "two")); // each makes its own
    }

    [Fact]
    public async Task Meter_TellsWhereAnswersCameFrom()
    {
        HybridProcess one = await StartAsync();
        HybridProcess two = await StartAsync();
        using var counts = new HybridCounts();

        await GetAsync(one, "key", "made");
        await GetAsync(two, "key", "not made");
        while (!await two.IsNearAsync("key"))
        {
            await Task.Yield();
        }

        (long Near, long Cluster, long Misses) before = counts.Read();
        await GetAsync(two, "key", "not made");
        Assert.Equal((before.Near + 1, before.Cluster, before.Misses), counts.Read());
        await GetAsync(one, "other", "made");
        Assert.Equal((before.Near + 1, before.Cluster, before.Misses + 1), counts.Read());
        await GetAsync(two, "other", "not made");
        Assert.Equal((before.Near + 1, before.Cluster + 1, before.Misses + 1), counts.Read());
    }

    private static int AskedFor(HybridProcess process, string key) =>
        process.Silo.Messages.Sum(message => message.Count(asked => asked == key));
}
