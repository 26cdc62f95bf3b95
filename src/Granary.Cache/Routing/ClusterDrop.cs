using Granary.Cache.Membership;

namespace Granary.Cache.Routing;

/// <summary>Drops a namespace in the cluster. It is done when each shard's owner has done it, and its replica knows.</summary>
internal sealed class ClusterDrop(AllShards allShards, TagDrops drops, ServingLease lease)
{
    public Task RunAsync(byte[] prefix) =>
        allShards.DoAsync(() => DropHereAsync(prefix), silo => silo.DropPrefixAsync(prefix));

    private async ValueTask<int[]> DropHereAsync(byte[] prefix)
    {
        bool wasServing = lease.Check();
        int[] shards = await drops.DropPrefixAsync(prefix);
        lease.CheckStill(wasServing);
        return shards;
    }
}
