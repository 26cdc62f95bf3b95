using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Granary.Client.Distributed;
using Granary.Client.Tests.Doubles;
using Granary.Client.Values;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;

namespace Granary.Client.Tests;

/// <summary>What an entry is besides its value's bytes: compressed, by another serializer, one of many, a counter.</summary>
public sealed class EntryTests
{
    private static readonly byte[] Long = Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, 1000)));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LongValue_IsCompressed_AndEveryClientReadsIt()
    {
        using var cluster = new FakeCluster(configure: static options => options.CompressValuesFrom = 1000);
        using var reader = new FakeCluster();
        await cluster.Cache.SetAsync("key", Long, cancellationToken: Token);
        FakeEntry stored = cluster.Store["key"]!;
        reader.Store["key"] = stored;

        CacheEntry<byte[]> entry = await reader.Cache.GetAsync<byte[]>("key", Token);

        Assert.Equal(CompressedValue.Flags, stored.Flags);
        Assert.True(stored.Value.Length < Long.Length * 7 / 8, $"{stored.Value.Length} of {Long.Length} bytes");
        Assert.Equal(Long, entry.Value);
        Assert.Equal(0u, entry.Flags);
        Assert.Equal(Long, (await reader.Cache.GetManyAsync<byte[]>(["key"], Token))[0].Value);
        Assert.Equal(Encoding.ASCII.GetString(Long), (await reader.Cache.GetAsync<string>("key", Token)).Value);
    }

    [Fact]
    public async Task LongValue_OfTheDistributedCache_IsCompressed()
    {
        using var cluster = new FakeCluster(configure: static options => options.CompressValuesFrom = 1000);
        var cache = new GranaryDistributedCache(cluster.RawCache, new(), cluster.Time);
        await cache.SetAsync("key", Long, new DistributedCacheEntryOptions(), Token);
        var buffer = new ArrayBufferWriter<byte>();

        Assert.True(await cache.TryGetAsync("key", buffer, Token));

        Assert.Equal(Long, buffer.WrittenSpan.ToArray());
        Assert.Equal(Long, await cache.GetAsync("key", Token));
        Assert.Equal(CompressedValue.Flags, cluster.Store["key"]!.Flags);
    }

    [Theory]
    [InlineData("shorter", 999, 0u)]
    [InlineData("with flags", 1000, 7u)]
    public async Task Value_ThatIsNotToBeCompressed_IsNot(string key, int length, uint flags)
    {
        using var cluster = new FakeCluster(configure: static options => options.CompressValuesFrom = 1000);

        await cluster.Cache.SetAsync(key, Long[..length], new EntryOptions { Flags = flags }, Token);

        Assert.Equal(Long[..length], cluster.Store[key]!.Value);
        Assert.Equal(flags, cluster.Store[key]!.Flags);
    }

    [Fact]
    public async Task Value_ThatCompressionDoesNotShorten_StaysAsItIs()
    {
        using var cluster = new FakeCluster(configure: static options => options.CompressValuesFrom = 1000);
        byte[] noise = new byte[5000];
        new Random(1).NextBytes(noise);

        await cluster.Cache.SetAsync("key", noise, cancellationToken: Token);

        Assert.Equal(noise, cluster.Store["key"]!.Value);
    }

    [Fact]
    public async Task Part_IsNotCompressed()
    {
        using var cluster = new FakeCluster(configure: static options => options.CompressValuesFrom = 64);
        await cluster.Cache.SetAsync("key", "a", cancellationToken: Token);

        await cluster.Cache.AppendAsync("key", Long, Token);

        byte[] whole = [(byte)'a', .. Long];
        Assert.Equal(whole, (await cluster.Cache.GetAsync<byte[]>("key", Token)).Value);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 0, 0, 0 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 1, 2, 3 })]
    [InlineData(new byte[] { 0, 0, 0, 127, 1, 2, 3 })]
    [InlineData(new byte[] { 9, 0, 0, 0, 1, 2, 3 })]
    public async Task Value_WhoseFlagsLie_IsAFormatException(byte[] value)
    {
        using var cluster = new FakeCluster();
        cluster.Store["key"] = new FakeEntry(value, CompressedValue.Flags);

        await Assert.ThrowsAsync<FormatException>(async () => await cluster.Cache.GetAsync<byte[]>("key", Token));
    }

    [Fact]
    public async Task CompressedValue_ThatWasAppendedTo_IsAFormatException()
    {
        using var cluster = new FakeCluster(configure: static options => options.CompressValuesFrom = 1000);
        await cluster.Cache.SetAsync("key", Long, cancellationToken: Token);

        await cluster.Cache.AppendAsync("key", "more", Token);

        await Assert.ThrowsAsync<FormatException>(async () => await cluster.Cache.GetAsync<byte[]>("key", Token));
    }

    [Fact]
    public async Task Serializer_GoesBeforeJson_ForItsTypes()
    {
        using var cluster = new FakeCluster(configure: static options => options.Serializers.Add(new PointSerializer()));

        await cluster.Cache.SetAsync("point", new Point(1, 2), cancellationToken: Token);
        await cluster.Cache.SetAsync("other", new Uri("http://granary/"), cancellationToken: Token);
        await cluster.Cache.SetAsync("text", "text", cancellationToken: Token);

        Assert.Equal("1;2"u8.ToArray(), cluster.Store["point"]!.Value);
        Assert.Equal("\"http://granary/\""u8.ToArray(), cluster.Store["other"]!.Value);
        Assert.Equal("text"u8.ToArray(), cluster.Store["text"]!.Value);
        Assert.Equal(new Point(1, 2), (await cluster.Cache.GetAsync<Point>("point", Token)).Value);
        Assert.Equal("http://granary/", (await cluster.Cache.GetAsync<Uri>("other", Token)).Value?.OriginalString);
    }

    [Fact]
    public async Task SetMany_StoresEachWithItsOptions()
    {
        using var cluster = new FakeCluster();

        await cluster.Cache.SetManyAsync<int>(
            [
                new("never", 1),
                new("minute", 2, TimeSpan.FromMinutes(1)),
                new("flags", 3, new EntryOptions { Flags = 9 }),
                new("sliding", 4, new EntryOptions { SlidingExpiration = TimeSpan.FromSeconds(1) }),
            ],
            Token);

        Assert.Equal("1"u8.ToArray(), cluster.Store["never"]!.Value);
        Assert.Equal(0, cluster.Store["never"]!.Expiration);
        Assert.Equal(60_000, cluster.Store["minute"]!.Expiration);
        Assert.Equal(9u, cluster.Store["flags"]!.Flags);
        Assert.Equal(1000, cluster.Store["sliding"]!.Window);
    }

    [Fact]
    public async Task Counter_BeginsWithItsOptions_AndKeepsThem()
    {
        var time = new PausingTimeProvider();
        using var owner = new RealOwner(time);
        using var cluster = new FakeCluster(owner: owner, time: time);

        Assert.Equal(2ul, await cluster.Cache.IncrementOrCreateAsync("key", 2, TimeSpan.FromMinutes(1), Token));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(3ul, await cluster.Cache.IncrementOrCreateAsync("key", 1, TimeSpan.FromMinutes(1), Token));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1ul, await cluster.Cache.IncrementOrCreateAsync("key", 1, TimeSpan.FromMinutes(1), Token));
    }

    [Fact]
    public async Task Counter_ThatManyBegin_CountsAll()
    {
        var time = new PausingTimeProvider();
        using var owner = new RealOwner(time);
        using var cluster = new FakeCluster(owner: owner, time: time);

        ulong[] numbers = await Task.WhenAll(Enumerable.Range(0, 100).Select(
            _ => cluster.Cache.IncrementOrCreateAsync("key", cancellationToken: Token).AsTask()));

        Assert.Equal(Enumerable.Range(1, 100).Select(static number => (ulong)number), numbers.Order());
    }

    private sealed record Point(int X, int Y);

    private sealed class PointSerializer : IHybridCacheSerializerFactory, IHybridCacheSerializer<Point>
    {
        public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
        {
            serializer = this as IHybridCacheSerializer<T>;
            return serializer is not null;
        }

        public Point Deserialize(ReadOnlySequence<byte> source)
        {
            string[] parts = Encoding.ASCII.GetString(source).Split(';');
            return new Point(int.Parse(parts[0], null), int.Parse(parts[1], null));
        }

        public void Serialize(Point value, IBufferWriter<byte> target) =>
            Encoding.ASCII.GetBytes($"{value.X};{value.Y}", target);
    }
}
