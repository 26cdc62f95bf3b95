using System.ComponentModel;
using System.Globalization;
using Granary.Client.Cache.Hybrid;
using Granary.Client.Tests.Doubles;
using Microsoft.Extensions.Caching.Hybrid;

namespace Granary.Client.Tests.Hybrid;

/// <summary>Processes whose hybrid caches have the same entries, and keep their values.</summary>
public sealed class HybridCacheTests : IDisposable
{
    // Those who wait for a lease go on by themselves; those who wait for changes, a second, do not.
    private readonly PausingTimeProvider _time = new(TimeSpan.FromMilliseconds(500));
    private readonly RealOwner _owner;
    private readonly List<HybridProcess> _processes = [];

    public HybridCacheTests() => _owner = new RealOwner(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _processes.ForEach(static process => process.Dispose());
        _owner.Dispose();
    }

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
    public async Task LongValue_IsCompressed_UnlessTheCallSaysNot()
    {
        string value = new('a', 10_000);
        var plain = new HybridCacheEntryOptions { Flags = HybridCacheEntryFlags.DisableCompression };
        HybridProcess one = await StartAsync(compressFrom: 1000);
        HybridProcess two = await StartAsync(compressFrom: 1000);

        await one.Cache.SetAsync("set", value, cancellationToken: Token);
        await GetAsync(two, "made", value);
        Assert.All([one, two], static process => Assert.InRange(process.Silo.LongestMessageBytes, 1, 1000));

        await one.Cache.SetAsync("set", value, plain, cancellationToken: Token);
        await two.Cache.GetOrCreateAsync("made plain", _ => new ValueTask<string>(value), plain, cancellationToken: Token);
        Assert.All([one, two], process => Assert.InRange(process.Silo.LongestMessageBytes, value.Length, 2 * value.Length));
        Assert.Equal(value, await GetAsync(one, "made", "not made"));
        Assert.Equal(value, await GetAsync(one, "made plain", "not made"));
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
        _owner.Store.Put(0, Granary.Store.Entries.PutMode.Set, "key"u8, "new"u8, 0, default, 0, out _);

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal("old", await GetAsync(one, "key", "?")); // asked less than 5 s ago
        _time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal("new", await GetAsync(one, "key", "?"));
        Assert.InRange(one.Watched.Asked, asked, asked + 1);
    }

    [Fact]
    public async Task SiloThatFails_IsNotBelieved()
    {
        HybridProcess one = await StartAsync();
        await KeepAsync(one, "key", "old");

        one.Watched.BeforeAnswer = static () => throw new TimeoutException("dead");
        _owner.Store.Put(0, Granary.Store.Entries.PutMode.Set, "other"u8, "new"u8, 0, default, 0, out _);
        _time.Advance(TimeSpan.FromSeconds(1)); // the silo's patience

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

    [Fact]
    public async Task Null_IsAValue()
    {
        HybridProcess one = await StartAsync();
        HybridProcess two = await StartAsync();
        Assert.Null(await one.Cache.GetOrCreateAsync("key", static _ => new ValueTask<string?>((string?)null), cancellationToken: Token));

        Assert.Null(await two.Cache.GetOrCreateAsync("key", static _ => new ValueTask<string?>("?"), cancellationToken: Token));
        Assert.Null(await two.Cache.GetOrCreateAsync("key", static _ => new ValueTask<string?>("?"), cancellationToken: Token));
        Assert.Equal(0, await two.Cache.GetOrCreateAsync("key", static _ => new ValueTask<int>(1), cancellationToken: Token));
    }

    [Fact]
    public async Task Object_IsTheCallersOwn_UnlessNobodyCanChangeIt()
    {
        HybridProcess one = await StartAsync();
        for (int read = 0; read < 3; read++)
        {
            Changeable mine = await one.Cache.GetOrCreateAsync("a", static _ => new ValueTask<Changeable>(new Changeable { Number = 1 }), cancellationToken: Token);
            Assert.Equal(1, mine.Number);
            mine.Number = 2;
        }

        Unchangeable[] reads = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => one.Cache.GetOrCreateAsync(
            "b", static _ => new ValueTask<Unchangeable>(new Unchangeable(1)), cancellationToken: Token).AsTask()));
        Assert.All(reads, static read => Assert.Equal(1, read.Number));
        Unchangeable kept = await one.Cache.GetOrCreateAsync("b", static _ => new ValueTask<Unchangeable>(new Unchangeable(2)), cancellationToken: Token);
        Assert.Same(kept, await one.Cache.GetOrCreateAsync("b", static _ => new ValueTask<Unchangeable>(new Unchangeable(2)), cancellationToken: Token));
    }

    [Fact]
    public async Task Flags_LeaveOutWhatTheySay()
    {
        HybridProcess one = await StartAsync();
        Assert.Null(await FlaggedAsync(one, HybridCacheEntryFlags.DisableUnderlyingData));
        Assert.Equal("made", await FlaggedAsync(one, HybridCacheEntryFlags.DisableDistributedCacheWrite));
        Assert.Null(await FlaggedAsync(one, HybridCacheEntryFlags.DisableUnderlyingData)); // it was not stored
        Assert.Equal("made", await FlaggedAsync(one, HybridCacheEntryFlags.DisableLocalCache));
        Assert.Equal("made", await FlaggedAsync(one, HybridCacheEntryFlags.DisableLocalCacheWrite));
        Assert.False(await one.IsNearAsync("key"));
        Assert.True(await one.IsNearAsync("key")); // by the read before
        int messages = one.MessagesOf("key");
        Assert.Equal("made", await FlaggedAsync(one, HybridCacheEntryFlags.DisableLocalCacheRead));
        Assert.Equal(messages + 1, one.MessagesOf("key"));
    }

    [Fact]
    public async Task LongKeys_AreKeysToo()
    {
        HybridProcess one = await StartAsync(new GranaryHybridCacheOptions { KeyPrefix = "shop/" });
        string[] keys = [new('k', 1019), new('k', 1020), new string('k', 1020) + "1", new string('ß', 5000)];
        foreach (string key in keys)
        {
            await one.Cache.SetAsync(key, key.Length, cancellationToken: Token);
        }

        foreach (string key in keys)
        {
            Assert.Equal(key.Length, await one.Cache.GetOrCreateAsync(key, static _ => new ValueTask<int>(-1), cancellationToken: Token));
            Assert.True(await one.IsNearAsync(key));
        }
    }

    [Fact]
    public async Task BadCalls_SayWhatIsWrong()
    {
        HybridProcess one = await StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => GetAsync(one, string.Empty, "?").AsTask());
        await Assert.ThrowsAnyAsync<ArgumentException>(() => GetAsync(one, "\uD800", "?").AsTask());
        ArgumentException all = await Assert.ThrowsAsync<ArgumentException>(() => GetAsync(one, "key", "?", "*").AsTask());
        Assert.StartsWith("The tag '*' means all entries", all.Message, StringComparison.Ordinal);
        string[] tags = [.. Enumerable.Range(0, 15).Select(static tag => $"tag-{tag}")];
        ArgumentException many = await Assert.ThrowsAsync<ArgumentException>(() => GetAsync(one, "key", "?", tags).AsTask());
        Assert.StartsWith("There are 15 tags; an entry can have 14.", many.Message, StringComparison.Ordinal);
        Assert.Equal("made", await GetAsync(one, "key", "made", tags[1..]));
    }

    [Theory]
    [InlineData("MaxNearEntries", 2)]
    [InlineData("MaxNearBytes", 0L)]
    [InlineData("MaxStaleness", "00:00:00.5")]
    [InlineData("StaleFor", "-00:00:01")]
    [InlineData("RefreshAfter", 1.0)]
    [InlineData("KeyPrefix", null)]
    public void BadOption_IsNamed(string name, object? value)
    {
        var options = new GranaryHybridCacheOptions();
        PropertyDescriptor property = TypeDescriptor.GetProperties(options)[name]!;
        property.SetValue(options, value is string span ? TimeSpan.Parse(span, CultureInfo.InvariantCulture) : value);

        Assert.StartsWith(
            $"GranaryHybridCacheOptions.{name} ",
            new GranaryHybridCacheOptionsValidator().Validate(null, options).FailureMessage,
            StringComparison.Ordinal);
        Assert.True(new GranaryHybridCacheOptionsValidator().Validate(null, new GranaryHybridCacheOptions()).Succeeded);
    }

    private static ValueTask<string> GetAsync(HybridProcess process, string key, string made, params string[] tags) =>
        process.Cache.GetOrCreateAsync(key, made, static (value, _) => new ValueTask<string>(value), tags: tags, cancellationToken: Token);

    private static ValueTask<string?> FlaggedAsync(HybridProcess process, HybridCacheEntryFlags flags) => process.Cache.GetOrCreateAsync(
        "key", static _ => new ValueTask<string?>("made"), new HybridCacheEntryOptions { Flags = flags }, cancellationToken: Token);

    private static async Task KeepAsync(HybridProcess process, string key, string value, params string[] tags)
    {
        await GetAsync(process, key, value, tags);
        await GetAsync(process, key, "?", tags);
        Assert.True(await process.IsNearAsync(key));
    }

    // What a key has when it has not this any more.
    private static async Task<string> UntilOtherAsync(HybridProcess process, string key, string old, string made = "new")
    {
        string found;
        while ((found = await GetAsync(process, key, made)) == old)
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return found;
    }

    // In steps, so that the silo is heard meanwhile.
    private async Task AdvanceAsync(HybridProcess process, int seconds)
    {
        for (int second = 0; second < seconds; second++)
        {
            int asked = process.Watched.Asked;
            _time.Advance(TimeSpan.FromSeconds(1));
            while (process.Watched.Asked == asked)
            {
                await Task.Yield();
            }
        }
    }

    private async Task<HybridProcess> StartAsync(GranaryHybridCacheOptions? options = null, int? compressFrom = null)
    {
        var process = new HybridProcess(_owner, _time, options ?? new GranaryHybridCacheOptions(), compressFrom);
        process.DropTagsIn(_owner);
        _processes.Add(process);
        return await process.ReadyAsync();
    }

    private sealed class Changeable
    {
        public int Number { get; set; }
    }

    [ImmutableObject(true)]
    private sealed record Unchangeable(int Number);
}
