namespace Granary.Client.Tests.Distributed;

/// <summary>What every distributed cache does: each test runs with .NET's own one as well.</summary>
public sealed class DistributedCacheContractTests
{
    private static readonly byte[] Value = [1, 2, 3];
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    public static TheoryData<string> Kinds => CacheUnderTest.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Entry_LivesThroughEveryCall(string kind)
    {
        using var cache = new CacheUnderTest(kind);

        Assert.Null(await cache.GetAsync("key"));
        await cache.RefreshAsync("key");
        await cache.RemoveAsync("key");
        Assert.Null(await cache.GetAsync("key"));
        await cache.SetAsync("key", Value, new());
        Assert.Equal(Value, await cache.GetAsync("key"));
        await cache.SetAsync("key", [4], new());
        await cache.RefreshAsync("key");
        Assert.Equal([4], await cache.GetAsync("key"));
        await cache.RemoveAsync("key");
        Assert.Null(await cache.GetAsync("key"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Value_WithoutBytes_IsNotNull(string kind)
    {
        using var cache = new CacheUnderTest(kind);

        await cache.SetAsync("key", [], new());

        Assert.Equal(0, (await cache.GetAsync("key"))?.Length);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Argument_ThatIsNull_IsRefused(string kind)
    {
        using var cache = new CacheUnderTest(kind);

        await Assert.ThrowsAsync<ArgumentNullException>("key", () => cache.GetAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>("key", () => cache.RefreshAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>("key", () => cache.RemoveAsync(null!));
        await Assert.ThrowsAsync<ArgumentNullException>("key", () => cache.SetAsync(null!, Value, new()));
        await Assert.ThrowsAsync<ArgumentNullException>("value", () => cache.SetAsync("key", null!, new()));
        await Assert.ThrowsAsync<ArgumentNullException>("options", () => cache.SetAsync("key", Value, null!));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Entry_WithoutExpiration_Stays(string kind)
    {
        using var cache = new CacheUnderTest(kind);
        await cache.SetAsync("key", Value, new());

        cache.Time.Advance(TimeSpan.FromDays(10_000));

        Assert.Equal(Value, await cache.GetAsync("key"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task AbsoluteExpiration_IsExact(string kind)
    {
        using var cache = new CacheUnderTest(kind);
        await cache.SetAsync("key", Value, new() { AbsoluteExpiration = cache.Time.GetUtcNow() + Minute });

        await AssertLastsAsync(cache, Minute);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task AbsoluteExpirationRelativeToNow_IsExact(string kind)
    {
        using var cache = new CacheUnderTest(kind);
        await cache.SetAsync("key", Value, new() { AbsoluteExpirationRelativeToNow = Minute });

        await AssertLastsAsync(cache, Minute);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task AbsoluteExpiration_InAThousandDays_IsExact(string kind)
    {
        TimeSpan days = TimeSpan.FromDays(1000); // to memcached, that much would be a date of 1972
        using var cache = new CacheUnderTest(kind);
        await cache.SetAsync("key", Value, new() { AbsoluteExpirationRelativeToNow = days });
        await AssertLastsAsync(cache, days);

        await cache.SetAsync("key", Value, new() { AbsoluteExpiration = cache.Time.GetUtcNow() + days });
        await AssertLastsAsync(cache, days);

        await cache.SetAsync("key", Value, new() { SlidingExpiration = days });
        cache.Time.Advance(days - Moment);
        Assert.NotNull(await cache.GetAsync("key"));
        await AssertLastsAsync(cache, days, refreshes: true);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task SlidingExpiration_IsPutOffByGet(string kind)
    {
        using var cache = new CacheUnderTest(kind);
        await cache.SetAsync("key", Value, new() { SlidingExpiration = Minute });

        for (int read = 0; read < 5; read++)
        {
            cache.Time.Advance(Minute - Moment);
            Assert.Equal(Value, await cache.GetAsync("key"));
        }

        cache.Time.Advance(Minute);
        Assert.Null(await cache.GetAsync("key"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task SlidingExpiration_IsPutOffByRefresh(string kind)
    {
        using var cache = new CacheUnderTest(kind);
        await cache.SetAsync("key", Value, new() { SlidingExpiration = Minute });

        for (int refresh = 0; refresh < 5; refresh++)
        {
            cache.Time.Advance(Minute - Moment);
            await cache.RefreshAsync("key");
        }

        cache.Time.Advance(Minute);
        await cache.RefreshAsync("key");
        Assert.Null(await cache.GetAsync("key"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task SlidingExpiration_EndsAtTheAbsoluteOne(string kind)
    {
        using var cache = new CacheUnderTest(kind);
        await cache.SetAsync("at", Value, new()
        {
            SlidingExpiration = Minute,
            AbsoluteExpiration = cache.Time.GetUtcNow() + (1.5 * Minute),
        });
        await cache.SetAsync("after", Value, new()
        {
            SlidingExpiration = Minute,
            AbsoluteExpirationRelativeToNow = 1.5 * Minute,
        });

        foreach (TimeSpan step in (TimeSpan[])[0.8 * Minute, (0.7 * Minute) - Moment])
        {
            cache.Time.Advance(step);
            Assert.NotNull(await cache.GetAsync("at"));
            Assert.NotNull(await cache.GetAsync("after"));
        }

        cache.Time.Advance(Moment);
        Assert.Null(await cache.GetAsync("at"));
        Assert.Null(await cache.GetAsync("after"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task SlidingExpiration_LongerThanTheAbsoluteOne_DoesNotMatter(string kind)
    {
        using var cache = new CacheUnderTest(kind);
        await cache.SetAsync("key", Value, new()
        {
            SlidingExpiration = 2 * Minute,
            AbsoluteExpirationRelativeToNow = Minute,
        });

        await AssertLastsAsync(cache, Minute);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Set_WithoutExpiration_EndsTheOneBefore(string kind)
    {
        using var cache = new CacheUnderTest(kind);
        await cache.SetAsync("key", Value, new() { SlidingExpiration = Minute, AbsoluteExpirationRelativeToNow = Minute });
        await cache.SetAsync("key", Value, new());

        cache.Time.Advance(TimeSpan.FromDays(1));

        Assert.NotNull(await cache.GetAsync("key"));
    }

    private static async Task AssertLastsAsync(CacheUnderTest cache, TimeSpan lifetime, bool refreshes = false)
    {
        cache.Time.Advance(lifetime - Moment);
        Assert.Equal(Value, await cache.GetAsync("key"));
        cache.Time.Advance(refreshes ? lifetime : Moment);
        Assert.Null(await cache.GetAsync("key"));
    }
}
