using Granary.Client.Routing;
using Granary.Wire;

namespace Granary.Client.Connecting;

/// <summary>Asks the silo that this process is.</summary>
internal sealed class SiloAccess(ISiloCluster cluster, IGrainFactory grains) : IClusterAccess
{
    public ValueTask<ServedMap> GetMapAsync() => cluster.GetMapAsync();

    public ValueTask<ServedSilo> LocateAsync(int shard) => cluster.LocateAsync(shard);

    public ValueTask<ScanReply> ScanAsync(int shard, ScanRequest request) =>
        grains.GetGrain<ICacheShardGrain>(shard).ScanAsync(request);

    public ValueTask DropTagsAsync(ulong[] tags) => grains.GetGrain<ICacheTagsGrain>(0).DropAsync(tags);

    public ValueTask<bool> DropNamespaceAsync(string name) => grains.GetGrain<ICacheNamespacesGrain>(0).DropAsync(name);

    // There are no gateways to keep.
    public void Taken(ServedMap map)
    {
    }

    public void NotFetched()
    {
    }
}
