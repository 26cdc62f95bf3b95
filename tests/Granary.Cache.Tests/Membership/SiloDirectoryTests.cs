using Granary.Cache.Tests.Doubles;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Membership;

/// <summary>The map that .NET clients get while silos come and go.</summary>
public sealed class SiloDirectoryTests : IDisposable
{
    private readonly TestSilo _silo = new(new FakeTimeProvider());

    // Orleans' client drops the answers that are under way from a gateway that is in the map no more.
    [Theory]
    [InlineData(false)]
    [InlineData(true)] // this one, which serves the map
    public async Task Map_WhileASiloDrains_HasItUntilItStopsAsync(bool isThisOne)
    {
        SiloAddress leaving = isThisOne ? TestShards.Self : TestShards.Other;
        await _silo.SeeBothAsync();

        _silo.View.SetDraining(leaving);
        ServedMap draining = await _silo.Directory.GetMapAsync();
        await _silo.SeeAsync(
            (TestShards.Self, isThisOne ? SiloStatus.ShuttingDown : SiloStatus.Active),
            (TestShards.Other, isThisOne ? SiloStatus.Active : SiloStatus.ShuttingDown));
        ServedMap stopped = await _silo.Directory.GetMapAsync();

        Assert.Equal(
            [(TestShards.Self, isThisOne), (TestShards.Other, !isThisOne)],
            draining.Silos.Select(static silo => (silo.Address, silo.Draining)));
        Assert.Equal(isThisOne ? TestShards.Other : TestShards.Self, Assert.Single(stopped.Silos).Address);
    }

    [Fact]
    public async Task Map_WhileAShardIsStillWithTheSiloThatDrains_SaysSoAsync()
    {
        await _silo.SeeBothAsync();
        _silo.Registry[0].Announce(TestShards.Other, 1);

        _silo.View.SetDraining(TestShards.Other);
        ServedMap before = await _silo.Directory.GetMapAsync();
        _silo.Registry[0].OpenAlone();
        ServedMap after = await _silo.Directory.GetMapAsync();

        DisplacedShard displaced = Assert.Single(before.Displaced);
        Assert.Equal((0, TestShards.Other), (displaced.Shard, before.Silos[displaced.Silo].Address));
        Assert.Empty(after.Displaced);
    }

    [Fact]
    public async Task Map_OfAClusterWithASiloThatDoesNotAnswer_HasTheOthersAsync()
    {
        SiloAddress unreachable = SiloAddress.New(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 3), 1);
        await _silo.SeeAsync((TestShards.Self, SiloStatus.Active), (unreachable, SiloStatus.Active));

        ServedMap map = await _silo.Directory.GetMapAsync();

        Assert.Equal(TestShards.Self, Assert.Single(map.Silos).Address);
    }

    public void Dispose() => _silo.Dispose();
}
