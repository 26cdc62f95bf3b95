using System.Net;
using Orleans.Messaging;

namespace Granary.Client.Connecting;

/// <summary>
/// Tells Orleans where the gateways are: the seeds at first, then what the silos serve. While the map cannot be
/// fetched, both: the cluster may have come back elsewhere.
/// </summary>
internal sealed class GatewayList(SeedList seeds) : IGatewayListProvider
{
    private volatile IPEndPoint[] _served = [];
    private volatile bool _stale = true;

    /// <summary>How long Orleans leaves a gateway alone that it failed to reach.</summary>
    public TimeSpan MaxStaleness => TimeSpan.FromSeconds(5);

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        IEnumerable<IPEndPoint> gateways = _served;
        if (_stale || _served.Length == 0)
        {
            gateways = gateways.Concat(await seeds.ResolveAsync(CancellationToken.None).ConfigureAwait(false));
        }

        return [.. gateways.Distinct().Select(ToUri)];
    }

    public void Update(ServedMap map)
    {
        _served = [.. map.Silos.Select(silo => silo.Gateway).OfType<IPEndPoint>()];
        _stale = false;
    }

    public void MarkStale() => _stale = true;

    // What Orleans' own ToGatewayUri makes; the last part is the generation, which a gateway has none of.
    internal static Uri ToUri(IPEndPoint gateway) => new($"gwy.tcp://{gateway}/0");
}
