using System.Buffers;
using Granary.Client.Distributed;
using Granary.Client.Tests.Doubles;
using Granary.Wire;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Client.Tests.Distributed;

/// <summary>Where .NET's implementations differ, what the one for Redis does; buffers, keys, cancellation.</summary>
public sealed class GranaryDistributedCacheTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeCluster _cluster = new();
    private readonly GranaryDistributedCache _cache;

    public GranaryDistributedCacheTests() => _cache = Make(string.Empty);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task AbsoluteExpiration_ThatHasPassed_IsRefused(int ticks)
    {
        var options = new DistributedCacheEntryOptions
        {
            AbsoluteExpiration = _time.GetUtcNow().AddTicks(ticks),
            AbsoluteExpirationRelativeToNow = Minute,
        };

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            "AbsoluteExpiration", () => _cache.SetAsync("key", [1], options, Token));
        Assert.Throws<ArgumentOutOfRangeException>("AbsoluteExpiration", () => _cache.Set("key", [1], options));
        Assert.Null(_cluster.Store["key"]);
    }

    [Fact]
    public async Task AbsoluteExpirationRelativeToNow_GoesBeforeTheAbsoluteOne()
    {
        await _cache.SetAsync(
            "key",
            [1],
            new() { AbsoluteExpiration = _time.GetUtcNow() + Minute, AbsoluteExpirationRelativeToNow = 2 * Minute },
            Token);

        Assert.Equal(120_000, _cluster.Store["key"]!.Expiration);
    }

    // The silo's clock may be another one.
    [Fact]
    public async Task AbsoluteExpiration_IsSentAsWhatIsLeft()
    {
        await _cache.SetAsync("soon", [1], new() { AbsoluteExpiration = _time.GetUtcNow().AddTicks(1) }, Token);
        await _cache.SetAsync("late", [1], new() { AbsoluteExpiration = DateTimeOffset.MaxValue }, Token);

        Assert.Equal(1, _cluster.Store["soon"]!.Expiration);
        Assert.True(_cluster.Store["late"]!.Expiration > 0);
    }

    [Fact]
    public async Task Call_WhoseTokenIsCancelled_SendsNothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        var options = new DistributedCacheEntryOptions();
        using var buffered = new MemoryStream();
        var buffer = new ArrayBufferWriter<byte>();

        await Assert.ThrowsAsync<TaskCanceledException>(() => _cache.GetAsync("key", cancelled));
        await Assert.ThrowsAsync<TaskCanceledException>(() => _cache.SetAsync("key", [1], options, cancelled));
        await Assert.ThrowsAsync<TaskCanceledException>(() => _cache.RefreshAsync("key", cancelled));
        await Assert.ThrowsAsync<TaskCanceledException>(() => _cache.RemoveAsync("key", cancelled));
        await Assert.ThrowsAsync<TaskCanceledException>(() => _cache.TryGetAsync("key", buffer, cancelled).AsTask());
        await Assert.ThrowsAsync<TaskCanceledException>(
            () => _cache.SetAsync("key", new ReadOnlySequence<byte>([1]), options, cancelled).AsTask());

        Assert.Empty(_cluster.Silo.Messages);
    }

    [Fact]
    public async Task Call_CancelledWhileItWaits_EndsAtOnce()
    {
        await _cluster.ConnectedAsync();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var held = new TaskCompletionSource();
        _cluster.Silo.BeforeExecute = _ => held.Task;

        Task<byte[]?> get = _cache.GetAsync("key", cancellation.Token);
        await _cluster.Silo.MessageArrivedAsync();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => get);
        held.SetResult();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(WireLimits.MaxInlineValueBytes)]
    [InlineData(WireLimits.MaxInlineValueBytes + 1)]
    [InlineData(2 << 20)]
    public async Task Buffers_OfAnyLengthAndForm_RoundTrip(int length)
    {
        byte[] value = new byte[length];
        new Random(length).NextBytes(value);
        var options = new DistributedCacheEntryOptions { SlidingExpiration = Minute };
        foreach (ReadOnlySequence<byte> sequence in (ReadOnlySequence<byte>[])[new(value), InPieces(value)])
        {
            var buffer = new ArrayBufferWriter<byte>();
            await _cache.SetAsync("async", sequence, options, Token);
            _cache.Set("sync", sequence, options);

            Assert.True(await _cache.TryGetAsync("sync", buffer, Token));
            Assert.Equal(value, buffer.WrittenSpan);
            buffer.Clear();
            Assert.True(_cache.TryGet("async", buffer));
            Assert.Equal(value, buffer.WrittenSpan);
            Assert.Equal(60_000, _cluster.Store["async"]!.Window);
            Assert.Equal(60_000, _cluster.Store["sync"]!.Window);
        }
    }

    [Fact]
    public async Task Buffer_ForAnAbsentKey_IsLeftAlone()
    {
        var buffer = new ArrayBufferWriter<byte>();

        Assert.False(await _cache.TryGetAsync("absent", buffer, Token));
        Assert.False(_cache.TryGet("absent", buffer));

        Assert.Equal(0, buffer.WrittenCount);
        Assert.Throws<ArgumentNullException>("destination", () => _cache.TryGet("absent", null!));
        await Assert.ThrowsAsync<ArgumentNullException>(
            "destination", () => _cache.TryGetAsync("absent", null!, Token).AsTask());
    }

    // Pooled buffers are used again as soon as the call has ended, whatever is still under way.
    [Theory]
    [InlineData(100)]
    [InlineData(WireLimits.MaxInlineValueBytes + 1)]
    public async Task Buffer_UsedAgainAfterTheCallWasCancelled_ChangesNothing(int length)
    {
        await _cluster.ConnectedAsync();
        byte[] pooled = new byte[length];
        pooled.AsSpan().Fill(1);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var held = new TaskCompletionSource();
        var stored = new TaskCompletionSource();
        _cluster.Silo.BeforeExecute = _ => held.Task;
        _cluster.Silo.BeforePage = _ => held.Task;
        _cluster.Silo.AfterExecute = _ => Task.Run(stored.TrySetResult, Token);

        Task set = _cache.SetAsync("key", new ReadOnlySequence<byte>(pooled), new(), cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => set);
        pooled.AsSpan().Fill(2);
        held.SetResult();
        await _cluster.Cache.GetAsync<string>("another", Token);

        byte[] found = _cluster.Store["key"]?.Value ?? []; // a long one may have been given up
        Assert.DoesNotContain((byte)2, found);
    }

    [Fact]
    public async Task Refresh_OfALongValue_DoesNotReadIt()
    {
        await _cluster.Cache.SetAsync("key", new byte[2 << 20], cancellationToken: Token);
        int pages = _cluster.Silo.PageCalls.Count;

        await _cache.RefreshAsync("key", Token);
        _cache.Refresh("key");

        Assert.Equal(pages, _cluster.Silo.PageCalls.Count);
    }

    [Fact]
    public async Task KeyPrefix_StandsBeforeEveryKey()
    {
        GranaryDistributedCache cache = Make("app:");

        await cache.SetAsync("set", [1], new(), Token);
        await cache.SetAsync("buffer", new ReadOnlySequence<byte>([2]), new(), Token);

        Assert.Equal([1], _cluster.Store["app:set"]?.Value);
        Assert.Equal([2], _cluster.Store["app:buffer"]?.Value);
        Assert.Equal([1], await cache.GetAsync("set", Token));
        Assert.True(cache.TryGet("buffer", new ArrayBufferWriter<byte>()));
        await cache.RemoveAsync("set", Token);
        Assert.Null(_cluster.Store["app:set"]);
    }

    [Fact]
    public void Key_AtBelowAndAboveItsBounds()
    {
        GranaryDistributedCache cache = Make("ä");

        cache.Set(string.Empty, [1], new());
        cache.Set(new string('k', WireLimits.MaxKeyBytes - 2), [1], new());
        var tooLong = Assert.Throws<ArgumentException>(
            "key", () => cache.Get(new string('k', WireLimits.MaxKeyBytes - 1)));
        var empty = Assert.Throws<ArgumentException>("key", () => _cache.Get(string.Empty));

        Assert.Contains("1025 bytes", tooLong.Message, StringComparison.Ordinal);
        Assert.Contains("1 to 1024", tooLong.Message, StringComparison.Ordinal);
        Assert.Contains("0 bytes", empty.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outage_IsGranarysException()
    {
        _cluster.Silo.Override = _ => CacheStatus.NoRoom;

        await Assert.ThrowsAsync<GranaryUnavailableException>(() => _cache.SetAsync("key", [1], new(), Token));
        Assert.Throws<GranaryUnavailableException>(() => _cache.Get("key"));
        Assert.Throws<GranaryUnavailableException>(() => _cache.TryGet("key", new ArrayBufferWriter<byte>()));
    }

    public void Dispose() => _cluster.Dispose();

    private static ReadOnlySequence<byte> InPieces(byte[] value)
    {
        var first = new Piece(value.AsMemory(0, value.Length / 3), null);
        var second = new Piece(value.AsMemory(value.Length / 3, value.Length / 2), first);
        var third = new Piece(value.AsMemory((value.Length / 3) + (value.Length / 2)), second);
        return new ReadOnlySequence<byte>(first, 0, third, third.Memory.Length);
    }

    private GranaryDistributedCache Make(string prefix) =>
        new(_cluster.RawCache, new GranaryDistributedCacheOptions { KeyPrefix = prefix }, _time);

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is not null)
            {
                before.Next = this;
                RunningIndex = before.RunningIndex + before.Memory.Length;
            }
        }
    }
}
