using Granary.Cache.Membership;
using Orleans.Concurrency;

namespace Granary.Cache.Routing;

/// <summary>Drops tags on behalf of a client.</summary>
[StatelessWorker, Reentrant] // on the silo that is asked; it has no state
internal sealed class CacheTagsGrain(AllShards allShards, TagDrops drops, ServingLease lease) : Grain, ICacheTagsGrain
{
    public async ValueTask DropAsync(ulong[] tags)
    {
        if (tags.Length is 0 or > ICacheTagsGrain.MaxTags)
        {
            throw new GranaryException($"There are {tags.Length} tags; a call can have 1 to {ICacheTagsGrain.MaxTags}.");
        }

        await allShards.DoAsync(() => DropHereAsync(tags), silo => silo.DropTagsAsync(tags));
    }

    private async ValueTask<int[]> DropHereAsync(ulong[] tags)
    {
        bool wasServing = lease.Check();
        int[] shards = await drops.DropAsync(tags);
        lease.CheckStill(wasServing);
        return shards;
    }
}
