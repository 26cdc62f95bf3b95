using System.Diagnostics;
using ZiggyCreatures.Caching.Fusion;

namespace Granary.ClusterTests.Direct;

/// <summary>FusionCache in several clients of a silo: second level, backplane and distributed locker are Granary's.</summary>
public sealed class FusionCacheTests(FusionClients clients) : IClassFixture<FusionClients>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly FusionCacheEntryOptions Long =
        new(TimeSpan.FromMinutes(10)) { AllowBackgroundDistributedCacheOperations = false };
    private static readonly FusionCacheEntryOptions FailSafe =
        Long.Duplicate(TimeSpan.FromMilliseconds(1)).SetFailSafe(true, TimeSpan.FromHours(1));
    private static readonly FusionCacheEntryOptions Eager = Long.Duplicate().SetEagerRefresh(0.00001f); // after 6 ms

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(10)]
    [InlineData(200_000)]
    public async Task SecondLevel_HasWhatAnotherProcessHasStoredAsync(int length)
    {
        IFusionCache[] caches = clients.SecondLevels;
        string value = new('x', length);
        string key = $"value-{length}";

        await caches[0].SetAsync(key, value, Long, token: Token);
        caches[1].Set(key + "-sync", value, Long, token: Token);

        Assert.Equal(value, await caches[1].GetOrDefaultAsync<string>(key, token: Token));
        Assert.Equal(value, caches[0].GetOrDefault<string>(key + "-sync", token: Token));
        await caches[0].RemoveAsync(key, Long, Token);
        Assert.Null(await caches[2].GetOrDefaultAsync<string>(key, token: Token));
    }

    [Fact]
    public async Task FailSafe_AnswersWithTheExpiredValueOfTheSecondLevelAsync()
    {
        IFusionCache[] caches = clients.SecondLevels;
        bool isMade = false;
        await caches[0].SetAsync("fail-safe", "expired", FailSafe, token: Token);

        while (!isMade)
        {
            Assert.Equal("expired", await caches[1].GetOrSetAsync<string>(
                "fail-safe",
                (_, _) =>
                {
                    isMade = true;
                    throw new FileNotFoundException();
                },
                FailSafe,
                token: Token));
        }
    }

    [Fact]
    public async Task EagerRefresh_MakesAValueOfTheSecondLevelAnewInTheBackgroundAsync()
    {
        IFusionCache[] caches = clients.SecondLevels;
        var began = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        await caches[0].SetAsync("eager", "old", Eager, token: Token);

        while (!began.Task.IsCompleted)
        {
            Assert.Equal("old", await ReadAsync());
        }

        Assert.Equal("old", await ReadAsync());
        finish.SetResult();
        await UntilAsync("the new value here", async () => await ReadAsync() == "new");
        await UntilAsync("the new value in the second level", async () =>
            await caches[2].GetOrDefaultAsync<string>("eager", options: Long.Duplicate().SetSkipMemoryCache(), token: Token) == "new");

        ValueTask<string> ReadAsync() => caches[1].GetOrSetAsync<string>(
            "eager",
            async (_, _) =>
            {
                began.TrySetResult();
                await finish.Task;
                return "new";
            },
            Eager,
            token: Token);
    }

    [Fact]
    public async Task Tag_IsRemovedForProcessesThatKeepItsEntriesAndForOthersAsync()
    {
        IFusionCache[] caches = clients.WithBackplane;
        await caches[0].SetAsync("red", "kept", Long, ["colour"], Token);
        await caches[0].SetAsync("square", "kept", Long, ["shape"], Token);
        Assert.Equal("kept", await caches[1].GetOrDefaultAsync<string>("red", token: Token));

        await caches[0].RemoveByTagAsync("colour", token: Token);

        await UntilAsync("the entry is gone", async () => await caches[1].GetOrDefaultAsync<string>("red", token: Token) is null);
        Assert.Null(await caches[2].GetOrDefaultAsync<string>("red", token: Token));
        Assert.Equal("kept", await caches[2].GetOrDefaultAsync<string>("square", token: Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Backplane_TellsEveryProcessOfChangesAsync(bool isAsync)
    {
        IFusionCache[] caches = clients.WithBackplane;
        string key = $"told-{isAsync}";
        await caches[0].SetAsync(key, "old", Long, token: Token);
        Assert.All(await Task.WhenAll(caches.Select(cache => ReadAsync(cache, key))), static value => Assert.Equal("old", value));

        if (isAsync)
        {
            await caches[1].SetAsync(key, "new", Long, token: Token);
        }
        else
        {
            caches[1].Set(key, "new", Long, token: Token);
        }

        await Task.WhenAll(caches.Select(cache => UntilAsync("the change", async () => await ReadAsync(cache, key) == "new")));
        await caches[2].RemoveAsync(key, Long, Token);
        await Task.WhenAll(caches.Select(cache => UntilAsync("the removal", async () => await ReadAsync(cache, key) is null)));
    }

    [Fact]
    public async Task Locker_HasOneProcessOfAllMakeAValueAsync()
    {
        IFusionCache[] caches = clients.WithLocker;
        int runs = 0;

        string[] values = await Task.WhenAll(Enumerable.Range(0, 300).Select(caller => caches[caller % caches.Length].GetOrSetAsync<string>(
            "locked",
            async (_, _) =>
            {
                Interlocked.Increment(ref runs);
                await Task.Delay(100, Token);
                return "made";
            },
            Long,
            token: Token).AsTask()));

        Assert.All(values, static value => Assert.Equal("made", value));
        Assert.Equal(1, runs);
    }

    [Fact]
    public void Locker_OfSynchronousCallers_IsTheSame()
    {
        IFusionCache[] caches = clients.WithLocker;

        Assert.Equal("made", caches[0].GetOrSet<string>("synchronous", static (_, _) => "made", Long, token: Token));
        Assert.Equal("made", caches[1].GetOrSet<string>("synchronous", static (_, _) => "again", Long, token: Token));
    }

    private static Task<string?> ReadAsync(IFusionCache cache, string key) =>
        cache.GetOrDefaultAsync<string>(key, token: Token).AsTask();

    private static async Task UntilAsync(string what, Func<Task<bool>> isSo)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(clock.Elapsed < Deadline, $"Not within {Deadline}: {what}.");
            await Task.Delay(5, Token);
        }
    }
}
