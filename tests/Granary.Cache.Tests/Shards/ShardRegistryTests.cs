using Granary.Cache.Shards;
using Granary.Cache.Tests.Doubles;
using Granary.Store;
using Granary.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Shards;

/// <summary>What becomes of a shard's entries when its activation ends and another begins.</summary>
public sealed class ShardRegistryTests : IDisposable
{
    private readonly CacheStore _store = TestStore.Create(new FakeTimeProvider());
    private readonly ShardRegistry _registry;

    public ShardRegistryTests()
    {
        _registry = new ShardRegistry(_store);
    }

    [Fact]
    public void Operation_BeforeOpen_IsNotDone()
    {
        _registry.BeginOpening(0, activation: null!);

        Assert.Equal(CacheStatus.None, _store.Set("key", "value"u8));
        Assert.Equal(0, _registry.OpenCount);
    }

    [Fact]
    public void Open_AfterCloseHere_AdoptsTheEntries()
    {
        long first = OpenWithAnEntry();
        _registry.Close(0, first, departures: 0);
        Assert.Equal(CacheStatus.None, _store.Get("key"));

        Open(highestTerm: 0, departures: 0);

        Assert.Equal(CacheStatus.Success, _store.Get("key"));
        Assert.Equal(1, _registry.OpenCount);
    }

    [Theory]
    [InlineData(1)] // as high as ours: somebody else served it at the same term
    [InlineData(2)]
    public void Open_AfterATermElsewhere_DropsTheEntries(long highestTerm)
    {
        long first = OpenWithAnEntry();
        _registry.Close(0, first, departures: 0);

        Open(highestTerm, departures: 0);

        Assert.Equal(CacheStatus.NotFound, _store.Get("key"));
    }

    [Fact]
    public void Open_AfterADeparture_DropsTheEntries()
    {
        long first = OpenWithAnEntry();
        _registry.Close(0, first, departures: 3);

        Open(highestTerm: 0, departures: 4);

        Assert.Equal(CacheStatus.NotFound, _store.Get("key"));
    }

    [Fact]
    public void Open_OfAnOldIncarnation_DoesNothing()
    {
        long first = _registry.BeginOpening(0, activation: null!);
        _registry.BeginOpening(0, activation: null!);

        _registry.Open(0, first, highestTerm: 0, departures: 0);

        Assert.Equal(0, _registry.OpenCount);
    }

    [Fact]
    public void Close_OfAnOldIncarnation_DoesNothing()
    {
        long first = OpenWithAnEntry();
        _registry.Close(0, first, departures: 0);
        Open(highestTerm: 0, departures: 0);

        _registry.Close(0, first, departures: 0);

        Assert.Equal(CacheStatus.Success, _store.Get("key"));
    }

    [Fact]
    public void Yield_OfAParkedShard_DropsTheEntries()
    {
        long first = OpenWithAnEntry();
        _registry.Close(0, first, departures: 0);

        long[] terms = _registry.Yield([0]);

        Assert.Equal([1], terms);
        Open(highestTerm: 0, departures: 0);
        Assert.Equal(CacheStatus.NotFound, _store.Get("key"));
    }

    [Fact]
    public void Yield_OfAnOpenShard_ClosesIt()
    {
        OpenWithAnEntry();

        long[] terms = _registry.Yield([0]);

        Assert.Equal([1], terms);
        Assert.Equal(CacheStatus.None, _store.Get("key"));
        Assert.Equal(0, _registry.OpenCount);
    }

    [Fact]
    public void Yield_OfAShardNeverServed_IsTermZero()
    {
        Assert.Equal([0], _registry.Yield([0]));
    }

    [Fact]
    public void Open_AfterATermElsewhere_ServesAHigherOne()
    {
        Open(highestTerm: 7, departures: 0);

        Assert.Equal([8], _registry.Yield([0]));
    }

    public void Dispose() => _store.Dispose();

    private long OpenWithAnEntry()
    {
        long incarnation = Open(highestTerm: 0, departures: 0);
        Assert.Equal(CacheStatus.Success, _store.Set("key", "value"u8));
        return incarnation;
    }

    private long Open(long highestTerm, int departures)
    {
        long incarnation = _registry.BeginOpening(0, activation: null!);
        _registry.Open(0, incarnation, highestTerm, departures);
        return incarnation;
    }
}
