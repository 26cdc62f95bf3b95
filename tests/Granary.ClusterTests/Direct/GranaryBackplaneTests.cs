using System.Collections.Concurrent;
using System.Diagnostics;
using Granary.Broadcasts;
using Granary.FusionCache;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ZiggyCreatures.Caching.Fusion.Backplane;

namespace Granary.ClusterTests.Direct;

/// <summary>What a FusionCache hears of its backplane when the cluster fails, or says what nobody understands.</summary>
public sealed class GranaryBackplaneTests
{
    private static readonly BroadcastMark First = new(Guid.NewGuid(), 1);
    private static readonly BroadcastMark Second = First with { Count = 2 };
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeBroadcast _broadcast = new();
    private readonly ConcurrentQueue<bool> _connections = []; // whether each was one again
    private readonly BlockingCollection<string?> _keys = [];
    private readonly GranaryBackplane _backplane;

    public GranaryBackplaneTests()
    {
        _backplane = new GranaryBackplane(_ => _broadcast, gateways: null, _time, NullLogger<GranaryBackplane>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscription_OfAClusterThatIsAway_GoesOnTryingAsync()
    {
        _broadcast.Answer(static () => throw new TimeoutException());
        await SubscribeAsync(); // it does not wait for the cluster

        Assert.Empty(_connections);
        _broadcast.Answer(static () => new BroadcastPart(First, [], HasGap: false));
        _broadcast.Answer(static () => new BroadcastPart(Second, [MessageOf("key")], HasGap: false));
        await AssertIsToldAsync("key", afterPauses: true);
        Assert.Equal([false], _connections);
        _backplane.Unsubscribe();
    }

    [Fact]
    public async Task Failure_IsTriedAgainFromWhereItWas_AndTheCacheIsToldOfItAsync()
    {
        _broadcast.Answer(static () => new BroadcastPart(First, [], HasGap: false));
        await SubscribeAsync();

        _broadcast.Answer(static () => throw new TimeoutException());
        _broadcast.Answer(static () => new BroadcastPart(Second, [MessageOf("key")], HasGap: false));
        await AssertIsToldAsync("key", afterPauses: true);

        Assert.Equal([false, true], _connections);
        Assert.Equal([default, First, First], _broadcast.Calls.Take(3));
        _backplane.Unsubscribe();
    }

    [Fact]
    public async Task Gap_IsToldAsANewConnection_BeforeWhatComesAfterItAsync()
    {
        _broadcast.Answer(static () => new BroadcastPart(First, [], HasGap: false));
        await SubscribeAsync();

        _broadcast.Answer(static () => new BroadcastPart(new BroadcastMark(Guid.NewGuid(), 7), [MessageOf("key")], HasGap: true));
        await AssertIsToldAsync("key");

        Assert.Equal([false, true], _connections);
        _backplane.Unsubscribe();
    }

    [Fact]
    public async Task Message_ThatNobodyUnderstands_IsPassedOverAsync()
    {
        _broadcast.Answer(static () => new BroadcastPart(First, [], HasGap: false));
        await SubscribeAsync();

        _broadcast.Answer(static () => new BroadcastPart(Second, [[1, 2, 3], [], MessageOf("key")], HasGap: false));
        await AssertIsToldAsync("key");

        Assert.Equal([false], _connections);
        _backplane.Unsubscribe();
    }

    [Fact]
    public async Task Message_IsSentToTheChannelAsync()
    {
        BackplaneMessage message = BackplaneMessage.CreateForEntrySet("source", "key", 7);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _backplane.PublishAsync(message, new(), Token));
        _broadcast.Answer(static () => new BroadcastPart(First, [], HasGap: false));
        await SubscribeAsync();

        await _backplane.PublishAsync(message, new(), Token);

        Assert.Equal("key", BackplaneMessage.FromByteArray(Assert.Single(_broadcast.Sent)).CacheKey);
        _backplane.Unsubscribe();
    }

    private static byte[] MessageOf(string key) =>
        BackplaneMessage.ToByteArray(BackplaneMessage.CreateForEntrySet("another", key, 1));

    private async Task SubscribeAsync() => await _backplane.SubscribeAsync(new BackplaneSubscriptionOptions(
        "cache",
        "this",
        "channel",
        connectHandler: null,
        incomingMessageHandler: null,
        info =>
        {
            _connections.Enqueue(info.IsReconnection);
            return default;
        },
        message =>
        {
            _keys.Add(message.CacheKey, Token);
            return default;
        }));

    private async Task AssertIsToldAsync(string key, bool afterPauses = false)
    {
        string? told;
        var clock = Stopwatch.StartNew();
        while (!_keys.TryTake(out told))
        {
            Assert.True(clock.Elapsed < Deadline, $"The cache was told of no message within {Deadline}.");
            _time.Advance(afterPauses ? TimeSpan.FromMilliseconds(100) : TimeSpan.Zero);
            await Task.Delay(1, Token);
        }

        Assert.Equal(key, told);
    }
}
