using System.Net;
using Granary.Cache.Reports;
using Granary.Cache.Tests.Doubles;
using Granary.Reports;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Reports;

/// <summary>What a silo tells of the others that come and go.</summary>
public sealed class ClusterEventsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestSilo _silo;
    private readonly ClusterEvents _events;

    public ClusterEventsTests()
    {
        _silo = new TestSilo(_time);
        _events = new ClusterEvents(_silo.View, _silo, _time);
    }

    public void Dispose() => _silo.Dispose();

    [Fact]
    public async Task SiloThatIsGone_WithoutAWord_IsLostAsync()
    {
        await _silo.SeeBothAsync();
        await _silo.SeeAsync((TestShards.Self, SiloStatus.Active), (TestShards.Other, SiloStatus.Dead));

        Assert.Equal([ClusterEventKind.Lost, ClusterEventKind.Joined], Kinds());
    }

    [Fact]
    public async Task SiloThatIsGone_AfterItSaidSo_HasLeftAsync()
    {
        await _silo.SeeBothAsync();
        _silo.View.SetDraining(TestShards.Other);
        await _silo.SeeAsync((TestShards.Self, SiloStatus.Active), (TestShards.Other, SiloStatus.Dead));

        Assert.Equal([ClusterEventKind.Left, ClusterEventKind.Draining, ClusterEventKind.Joined], Kinds());
    }

    [Fact]
    public async Task SiloThatCrashed_AndIsBackAtAnotherAddress_IsLostAsync()
    {
        var again = SiloAddress.New(
            new IPEndPoint(IPAddress.Parse("127.0.0.2"), TestShards.Other.Endpoint.Port), TestShards.Other.Generation + 1);
        await _silo.SeeBothAsync();
        await _silo.SeeAsync(
            (TestShards.Self, SiloStatus.Active), (TestShards.Other, SiloStatus.Active), (again, SiloStatus.Active));
        await _silo.SeeAsync(
            (TestShards.Self, SiloStatus.Active), (TestShards.Other, SiloStatus.Dead), (again, SiloStatus.Active));

        Assert.Equal([ClusterEventKind.Lost, ClusterEventKind.Joined, ClusterEventKind.Joined], Kinds());
        Assert.Equal(
            [FakeMembership.NameOf(TestShards.Other), FakeMembership.NameOf(again), _silo.Name],
            _events.Read().Select(static told => told.Silo), StringComparer.Ordinal);
    }

    private IEnumerable<ClusterEventKind> Kinds() => _events.Read().Select(static told => told.Kind);
}
