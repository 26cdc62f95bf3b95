using System.Collections.Frozen;
using Granary.Cache.Membership;
using Granary.Cache.Shards;
using Granary.Cache.Tests.Doubles;
using Granary.Store;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Membership;

/// <summary>When clients may be sent to a silo.</summary>
public sealed class ReadinessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Moment = TimeSpan.FromTicks(1);

    private readonly FakeTimeProvider _time = new();
    private readonly CacheStore _store;
    private readonly ShardRegistry _registry;
    private readonly Readiness _readiness;

    public ReadinessTests()
    {
        _store = TestStore.Create(_time);
        _registry = TestShards.Create(_store, _time);
        _readiness = new Readiness(_registry, Options.Create(new CacheOptions { TakeOverTime = Patience }), _time);
    }

    [Fact]
    public void Check_BeforeTheSiloHasJoined_IsNotReadyHoweverLong()
    {
        ViewSnapshot view = View([TestShards.Other], draining: []);

        Assert.False(_readiness.Check(view));
        _time.Advance(Patience);
        Assert.False(_readiness.Check(view));
    }

    [Fact]
    public void Check_AfterTheJoin_WaitsForTheSiloShards()
    {
        ViewSnapshot view = View([TestShards.Self], draining: []);
        bool before = _readiness.Check(view);

        _registry[0].OpenAlone();

        Assert.False(before);
        Assert.True(_readiness.Check(view));
    }

    [Fact]
    public void Check_WithShardsThatDoNotCome_WaitsSoLongFromTheJoinAndNoLonger()
    {
        _time.Advance(Patience);
        ViewSnapshot view = View([TestShards.Self], draining: []);
        Assert.False(_readiness.Check(view));

        _time.Advance(Patience - Moment);
        Assert.False(_readiness.Check(view));
        _time.Advance(Moment);
        Assert.True(_readiness.Check(view));
    }

    // As when another silo has left: its shards are on their way to all the others, which go on answering.
    [Fact]
    public void Check_OfASiloThatIsToHoldMore_StaysReady()
    {
        ViewSnapshot[] views = [.. ViewsOfBothOwners()];
        ViewSnapshot without = views.First(view => !TestShards.Self.Equals(view.OwnerOf(0)));
        ViewSnapshot with = views.First(view => TestShards.Self.Equals(view.OwnerOf(0)));
        Assert.True(_readiness.Check(without));

        Assert.True(_readiness.Check(with));
        Assert.False(_store.IsOpen(0));
    }

    [Fact]
    public void Check_OfASiloThatLeaves_IsNotReady()
    {
        _registry[0].OpenAlone();
        Assert.True(_readiness.Check(View([TestShards.Self], draining: [])));

        Assert.False(_readiness.Check(View([TestShards.Other], draining: [TestShards.Self])));
    }

    public void Dispose() => _store.Dispose();

    private static IEnumerable<ViewSnapshot> ViewsOfBothOwners() =>
        [View([TestShards.Self, TestShards.Other], []), View([TestShards.Other, TestShards.Self], [])];

    private static ViewSnapshot View(SiloAddress[] silos, SiloAddress[] draining) => new(
        membershipVersion: 1,
        shardCount: 1,
        silos.Index().ToFrozenDictionary(item => $"silo-{item.Index}", item => item.Item, StringComparer.Ordinal),
        draining);
}
