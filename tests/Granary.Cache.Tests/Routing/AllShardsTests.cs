using Granary.Cache.Routing;
using Granary.Cache.Tests.Doubles;

namespace Granary.Cache.Tests.Routing;

public sealed class AllShardsTests
{
    private const int Shards = 3;

    private readonly PausingTimeProvider _time = new();
    private int _asked;

    // One was on its way from the other silo to this one when both were asked.
    [Fact]
    public async Task Doing_EndsWhenNoShardIsMissingAsync()
    {
        using TestSilo silo = await StartAsync();

        await AllShardsOf(silo).DoAsync(
            () => new ValueTask<int[]>(_asked == 0 ? [0] : [0, 1]),
            _ => new ValueTask<int[]>(_asked++ == 0 ? [] : [2]));

        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Silo_ThatFails_IsAskedAgainAsync()
    {
        using TestSilo silo = await StartAsync();

        await AllShardsOf(silo).DoAsync(
            static () => new ValueTask<int[]>([0]),
            _ => _asked++ == 0 ? throw new TimeoutException("lost") : new ValueTask<int[]>([1, 2]));

        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Shard_ThatNobodyServes_IsNamedAnOutageAsync()
    {
        using TestSilo silo = await StartAsync();

        var error = await Assert.ThrowsAsync<GranaryUnavailableException>(() => AllShardsOf(silo).DoAsync(
            static () => new ValueTask<int[]>([0]), static _ => throw new TimeoutException("lost")));

        Assert.StartsWith("2 of 3 shards were served by no silo", error.Message, StringComparison.Ordinal);
        Assert.Equal("lost", error.InnerException?.Message);
    }

    private AllShards AllShardsOf(TestSilo silo) => new(silo.Registry, silo.View, _time);

    private async Task<TestSilo> StartAsync()
    {
        var silo = new TestSilo(_time, shardCount: Shards);
        await silo.SeeBothAsync();
        return silo;
    }
}
