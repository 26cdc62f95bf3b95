using System.Text;
using Granary.Cache.Tests.Doubles;
using Granary.Reports;
using Granary.Store;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Routing;

/// <summary>How long operations take that this silo does not execute itself.</summary>
public sealed class SlowOperationTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CacheStore _elsewhere; // what the other silo and the grain execute on
    private readonly FakePeer _other;
    private readonly FakePeer _grain;
    private readonly TestSilo _silo;

    public SlowOperationTests()
    {
        _elsewhere = TestStore.Create(_time);
        _other = new FakePeer(TestShards.Other, _elsewhere);
        _grain = new FakePeer(TestShards.Other, _elsewhere) { Locate = static () => TestShards.Other };
        _silo = new TestSilo(_time, _other, _grain);
    }

    [Fact]
    public async Task Operation_ThatAnotherSiloAnswersLate_IsKeptWithWhatItWaitedForAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        TimeSpan duration = Delay(_other, milliseconds: 150);

        await SetAsync("key");

        SlowOperation slow = Assert.Single(_silo.Times.Slow);
        Assert.Equal(
            (_time.GetUtcNow(), "Set", "key", duration, $"waited for silo {FakeMembership.NameOf(TestShards.Other)}"),
            (slow.At, slow.Operation, Encoding.UTF8.GetString(slow.Key), slow.Duration, slow.Reason));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(99, 0)]
    [InlineData(100, 1)]
    public async Task Operation_ThatAnotherSiloAnswers_IsCountedAndSlowFromTheLimitOnAsync(int milliseconds, int slow)
    {
        await SeeTheShardAtTheOtherAsync();
        TimeSpan duration = Delay(_other, milliseconds);

        await SetAsync("first");
        await SetAsync("second");

        Assert.Equal(2, _silo.Times.Forwarded[LatencyBuckets.IndexOf(duration)]);
        Assert.Equal(2, _silo.Times.Forwarded.Sum());
        Assert.Equal(2 * slow, _silo.Times.Slow.Length);
    }

    [Fact]
    public async Task Operation_WhoseShardHasToBeFound_IsSlowForThatAsync()
    {
        await SeeTheShardAtTheOtherAsync();
        _elsewhere.Close(0);
        _grain.BeforeExecute = _ =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            _elsewhere.Open(0);
            return Task.CompletedTask;
        };

        await SetAsync("key");

        Assert.Equal("looked for shard 0", Assert.Single(_silo.Times.Slow).Reason);
    }

    public void Dispose()
    {
        _silo.Dispose();
        _elsewhere.Dispose();
    }

    private async Task SetAsync(string key)
    {
        using RemoteCall call = new RemoteCall(_silo.Router).Submit(CacheOperation.Set, key, "value");
        Assert.Equal(["Success"], await call.SendAsync());
    }

    private TimeSpan Delay(FakePeer peer, int milliseconds)
    {
        var duration = TimeSpan.FromMilliseconds(milliseconds);
        peer.BeforeExecute = _ =>
        {
            _time.Advance(duration);
            return Task.CompletedTask;
        };
        return duration;
    }

    private async Task SeeTheShardAtTheOtherAsync()
    {
        await _silo.SeeBothAsync();
        _silo.Registry[0].Announce(TestShards.Other, 1);
        _elsewhere.Open(0);
    }
}
