using System.ComponentModel;
using System.Globalization;
using Granary.Client.Cache.Hybrid;
using Microsoft.Extensions.Caching.Hybrid;

namespace Granary.Client.Tests.Hybrid;

/// <summary>Which keys, values, flags and options there are.</summary>
public sealed class HybridEntryTests : HybridScene
{
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

    private static ValueTask<string?> FlaggedAsync(HybridProcess process, HybridCacheEntryFlags flags) => process.Cache.GetOrCreateAsync(
        "key", static _ => new ValueTask<string?>("made"), new HybridCacheEntryOptions { Flags = flags }, cancellationToken: Token);

    private sealed class Changeable
    {
        public int Number { get; set; }
    }

    [ImmutableObject(true)]
    private sealed record Unchangeable(int Number);
}
