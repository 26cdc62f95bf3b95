using Granary.Client.Routing;
using Granary.Wire;

namespace Granary.Client.Connecting;

/// <summary>Asks through the Orleans client.</summary>
internal sealed class OrleansAccess(IClusterClient client, GatewayList gateways) : IClusterAccess
{
    public async ValueTask<ServedMap> GetMapAsync()
    {
        ServedMap map = await client.GetGrain<IClusterMapGrain>(0).GetMapAsync().ConfigureAwait(false);
        await gateways.OfferAsync(map).ConfigureAwait(false);
        return map;
    }

    public ValueTask<ServedSilo> LocateAsync(int shard) => client.GetGrain<ICacheShardGrain>(shard).LocateAsync();

    public ValueTask<ScanReply> ScanAsync(int shard, ScanRequest request) =>
        client.GetGrain<ICacheShardGrain>(shard).ScanAsync(request);

    public ValueTask DropTagsAsync(ulong[] tags) => client.GetGrain<ICacheTagsGrain>(0).DropAsync(tags);

    public ValueTask<bool> DropNamespaceAsync(string name) => client.GetGrain<ICacheNamespacesGrain>(0).DropAsync(name);

    public void Taken(ServedMap map) => gateways.Update(map);

    public void NotFetched() => gateways.MarkStale();
}
