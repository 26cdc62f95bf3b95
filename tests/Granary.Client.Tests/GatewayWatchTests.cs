using Granary.Client.Connecting;
using Granary.Client.Merging;
using Granary.Client.Tests.Doubles;
using Microsoft.Extensions.Logging.Abstractions;

namespace Granary.Client.Tests;

/// <summary>Gateways that keep their connection and answer nothing.</summary>
public sealed class GatewayWatchTests : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5.3); // until Orleans has taken it again

    private readonly ObservedTimeProvider _time = new(Answer, Rest);
    private readonly FakeCluster _cluster;
    private readonly GatewayWatch _watch;

    public GatewayWatchTests()
    {
        _cluster = new FakeCluster(silos: 3, o => o.MapRefreshInterval = TimeSpan.FromMinutes(1), _time);
        _watch = new GatewayWatch(_cluster.Router, _cluster.Gateways, _time, NullLogger<GatewayWatch>.Instance);
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _time.Dispose();
    }

    [Fact]
    public async Task Gateway_SilentTwiceWhileOthersAnswer_IsLeftAloneForAWhileAsync()
    {
        await _cluster.SettledAsync();
        _cluster.Silos[1].IsSilent = true;

        _watch.Suspect();
        await PassAsync(Answer);
        await AssertGatewaysAsync(30000, 30001, 30002);
        await PassAsync(Answer);
        await _time.WaitBeginsAsync();
        await AssertGatewaysAsync(30000, 30002);
        Assert.Equal([false, true, false], Suspected());

        _cluster.Silos[1].IsSilent = false;
        _time.Advance(Rest);

        await AssertGatewaysAsync(30000, 30001, 30002);
        Assert.Equal([false, false, false], Suspected());
    }

    [Fact]
    public async Task Gateway_ThatStaysSilent_IsLeftAloneAgainAfterOneQuestionAsync()
    {
        await _cluster.SettledAsync();
        _cluster.Silos[1].IsSilent = true;
        _watch.Suspect();
        await PassAsync(Answer);
        await PassAsync(Answer);

        await PassAsync(Rest);
        await PassAsync(Answer);
        await _time.WaitBeginsAsync();

        await AssertGatewaysAsync(30000, 30002);
    }

    [Fact]
    public async Task Gateway_SilentOnce_StaysAsync()
    {
        await _cluster.SettledAsync();
        _cluster.Silos[1].IsSilent = true;
        _watch.Suspect();
        await _time.WaitBeginsAsync();

        _cluster.Silos[1].IsSilent = false;
        _time.Advance(Answer);

        await AssertGatewaysAsync(30000, 30001, 30002);
    }

    // It is this client that is slow, or cut off: there is no better way.
    [Fact]
    public async Task Gateways_AllSilent_StayAsync()
    {
        await _cluster.SettledAsync();
        Array.ForEach(_cluster.Silos, static silo => silo.IsSilent = true);

        _watch.Suspect();
        await PassAsync(Answer, waits: 3);

        await AssertGatewaysAsync(30000, 30001, 30002);
        Assert.Equal(0, _time.Waits);
    }

    [Fact]
    public async Task Gateway_OfASiloThatIsGone_IsThereForTheNextOneAsync()
    {
        await _cluster.SettledAsync();
        _cluster.Silos[1].IsSilent = true;
        _watch.Suspect();
        await PassAsync(Answer);
        await PassAsync(Answer);
        await _time.WaitBeginsAsync();

        ServedSilo gone = _cluster.Map.Silos[1];
        ServedSilo next = gone with { Address = SiloAddress.New(gone.Address.Endpoint, gone.Address.Generation + 1) };
        ServedMap map = _cluster.Map with { ViewVersion = 2, Silos = [_cluster.Map.Silos[0], next, _cluster.Map.Silos[2]] };
        _ = _cluster.Gateways.OfferAsync(map);

        await AssertGatewaysAsync(30000, 30001, 30002);
    }

    private async Task PassAsync(TimeSpan time, int waits = 1)
    {
        for (int wait = 0; wait < waits; wait++)
        {
            await _time.WaitBeginsAsync();
        }

        _time.Advance(time);
    }

    private async Task AssertGatewaysAsync(params int[] ports)
    {
        IList<Uri> gateways = await _cluster.Gateways.GetGateways();
        Assert.Equal(ports, gateways.Select(static gateway => gateway.Port).Order());
    }

    private bool[] Suspected()
    {
        bool[] suspected = new bool[_cluster.Silos.Length];
        foreach (SiloLink link in _cluster.Router.Table!.Links)
        {
            suspected[link.Name[^1] - '0'] = link.SuspectUntil > _time.GetTimestamp();
        }

        return suspected;
    }
}
