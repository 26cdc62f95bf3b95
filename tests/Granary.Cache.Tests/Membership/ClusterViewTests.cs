using Granary.Cache.Membership;
using Granary.Cache.Tests.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Membership;

/// <summary>How long the shards of a silo that is gone have to wait.</summary>
public sealed class ClusterViewTests : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly TestSilo _silo;

    public ClusterViewTests() => _silo = new TestSilo(_time);

    [Fact]
    public async Task LeaseOfTheLost_AfterADeath_IsAsLongAsTheDeadMayStillServeAsync()
    {
        await _silo.SeeBothAsync();
        await _silo.SeeAsync((TestShards.Self, SiloStatus.Active), (TestShards.Other, SiloStatus.Dead));

        Assert.Equal(ServingLease.Duration, _silo.View.LeaseOfTheLost);
        _time.Advance(ServingLease.Duration - Moment);
        Assert.Equal(Moment, _silo.View.LeaseOfTheLost);
        _time.Advance(Moment);
        Assert.Equal(TimeSpan.Zero, _silo.View.LeaseOfTheLost);
    }

    [Fact]
    public async Task LeaseOfTheLost_AfterOneHasLeft_IsOverAsync()
    {
        await _silo.SeeBothAsync();
        await _silo.SeeAsync((TestShards.Self, SiloStatus.Active), (TestShards.Other, SiloStatus.ShuttingDown));
        await _silo.SeeAsync((TestShards.Self, SiloStatus.Active), (TestShards.Other, SiloStatus.Dead));

        Assert.Equal(TimeSpan.Zero, _silo.View.LeaseOfTheLost);
    }

    [Fact]
    public async Task Draining_OfASilo_LeavesItsShardsToTheOthersAtOnceAsync()
    {
        await _silo.SeeBothAsync();

        _silo.View.SetDraining(TestShards.Other);

        Assert.Equal(TestShards.Self, _silo.View.Current.OwnerOf(0));
        Assert.Null(_silo.View.Current.HeirOf(0));
        Assert.True(_silo.View.Current.IsMember(TestShards.Other));
    }

    public void Dispose() => _silo.Dispose();
}
