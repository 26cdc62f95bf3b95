using Granary.Cache.Shards;
using Granary.Cache.Tests.Doubles;
using Granary.Shards;
using Granary.Store;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Shards;

/// <summary>When an activation may serve its shard, beyond what the simulation of whole clusters shows.</summary>
public sealed class ShardOpeningTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CacheStore _store;
    private readonly ShardSlot _slot;
    private readonly ShardOpening _opening;

    public ShardOpeningTests()
    {
        _store = TestStore.Create(_time);
        _slot = TestShards.Create(_store, _time)[0];
        _opening = new ShardOpening(0, _slot.BeginOpening(activation: null!), ticket: null, _slot, TestShards.Self);
    }

    [Fact]
    public void Advance_WhileALostSiloMayStillServe_Waits()
    {
        _opening.Advance([TestShards.Self], viewVersion: 1, now: 99, noLeaseAt: 100);
        Assert.Equal(OpeningPhase.Inquiring, _opening.Phase);

        _opening.Advance([TestShards.Self], viewVersion: 1, now: 100, noLeaseAt: 100);

        Assert.Equal(OpeningPhase.Done, _opening.Phase);
    }

    [Fact]
    public void Advance_WhenAnotherSiloHasSeenALossLater_WaitsForIts()
    {
        SiloAddress[] members = [TestShards.Self, TestShards.Other];
        _opening.Advance(members, viewVersion: 1, now: 0, noLeaseAt: 0);
        var answer = new ShardAnswer
        {
            Promised = _opening.Claim.Term,
            Announced = 0,
            Copy = CopyKind.None,
            CopyTerm = 0,
            Changes = 0,
        };
        _opening.Inquired(TestShards.Other, _opening.Claim, answer, viewVersion: 1, noLeaseAt: 50);

        _opening.Advance(members, viewVersion: 1, now: 49, noLeaseAt: 0);
        Assert.Equal(OpeningPhase.Inquiring, _opening.Phase);
        _opening.Advance(members, viewVersion: 1, now: 50, noLeaseAt: 0);

        Assert.Equal(OpeningPhase.Announcing, _opening.Phase);
    }

    public void Dispose() => _store.Dispose();
}
