using Granary.Client.Routing;

namespace Granary.Client.Connecting;

/// <summary>Asks through the Orleans client.</summary>
internal sealed class OrleansAccess(IClusterClient client) : IClusterAccess
{
    public ValueTask<ServedMap> GetMapAsync() => client.GetGrain<IClusterMapGrain>(0).GetMapAsync();

    public ValueTask<ServedSilo> LocateAsync(int shard) => client.GetGrain<ICacheShardGrain>(shard).LocateAsync();
}
