using Granary.Cache.Membership;

namespace Granary.Cache.Routing;

/// <summary>
/// Drops tags and namespaces in the cluster. It is done when each shard's owner has done it, and its replica knows.
/// </summary>
internal sealed class ClusterDrop(AllShards allShards, LocalDrops drops, ServingLease lease)
{
    public Task DropTagsAsync(ulong[] tags) =>
        allShards.DoAsync(() => DropHereAsync(() => drops.DropTagsAsync(tags)), silo => silo.DropTagsAsync(tags));

    public Task DropPrefixAsync(byte[] prefix) =>
        allShards.DoAsync(() => DropHereAsync(() => drops.DropPrefixAsync(prefix)), silo => silo.DropPrefixAsync(prefix));

    private async ValueTask<int[]> DropHereAsync(Func<ValueTask<int[]>> drop)
    {
        bool wasServing = lease.Check();
        int[] shards = await drop();
        lease.CheckStill(wasServing);
        return shards;
    }
}
