using System.Net;
using Granary.Cache.Membership;
using Granary.Cache.Tests.Doubles;
using Granary.Relaying;
using Granary.Shards;
using Granary.Wire;
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

    [Fact]
    public async Task Calls_ForASiloThatIsCutOff_GoThroughTheOneThatReachesItAsync()
    {
        SiloAddress far = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 3), 1);
        _silo.Reach.Heard(far, _time.GetTimestamp());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_silo.Reach.SetRelay(far, TestShards.Other));

        await _silo.View.ServiceOf(far).ExecuteAsync(new WireBytes(new byte[] { 1 }));
        await _silo.View.ServiceOf(far).CopyAsync(new CopyBatch(TestShards.Self, []));

        Assert.Equal([far, far], _silo.Other.Relayed.Select(static relayed => relayed.Target));
        Assert.IsType<RelayedCall.Execute>(_silo.Other.Relayed[0].Call);
        Assert.IsType<RelayedCall.Copy>(_silo.Other.Relayed[1].Call);
    }

    public void Dispose() => _silo.Dispose();
}
