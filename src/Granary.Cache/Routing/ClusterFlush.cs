using Granary.Cache.Reports;
using Granary.Cache.Shards;

namespace Granary.Cache.Routing;

/// <summary>Drops everything in the cluster. It is done when each shard's owner has done it.</summary>
internal sealed class ClusterFlush(ShardRegistry registry, AllShards allShards, ClusterEvents events)
{
    public Task RunAsync(long atUnixMilliseconds)
    {
        events.Flushed();
        return allShards.DoAsync(
            () => new ValueTask<int[]>(registry.Flush(atUnixMilliseconds)),
            silo => silo.FlushAsync(atUnixMilliseconds));
    }
}
