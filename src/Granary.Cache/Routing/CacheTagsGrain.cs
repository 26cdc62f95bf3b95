using Orleans.Concurrency;

namespace Granary.Cache.Routing;

/// <summary>Drops tags on behalf of a client.</summary>
[StatelessWorker, Reentrant] // on the silo that is asked; it has no state
internal sealed class CacheTagsGrain(ClusterDrop drop) : Grain, ICacheTagsGrain
{
    public async ValueTask DropAsync(ulong[] tags)
    {
        if (tags.Length is 0 or > ICacheTagsGrain.MaxTags)
        {
            throw new GranaryException($"There are {tags.Length} tags; a call can have 1 to {ICacheTagsGrain.MaxTags}.");
        }

        await drop.DropTagsAsync(tags);
    }
}
