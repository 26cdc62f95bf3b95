using Granary.Cache.Copies;
using Granary.Cache.Shards;

namespace Granary.Cache.Routing;

/// <summary>Drops tags, and namespaces, in the shards of this silo. Thread-safe.</summary>
internal sealed class LocalDrops(ShardRegistry registry, ChangeWaits waits)
{
    /// <returns>The shards that are served here, and whose replicas know.</returns>
    public async ValueTask<int[]> DropTagsAsync(ulong[] tags)
    {
        (List<int> served, Dictionary<int, bool> waiting) = DropInAll(shard => Drop(shard, tags));
        foreach (ulong tag in tags)
        {
            registry.Store.Changes.TagDropped(tag);
        }

        return await EndAsync(served, waiting);
    }

    /// <param name="prefix">A namespace's.</param>
    /// <returns>The shards that are served here, and whose replicas know.</returns>
    public ValueTask<int[]> DropPrefixAsync(byte[] prefix)
    {
        (List<int> served, Dictionary<int, bool> waiting) = DropInAll(shard => registry.Store.Namespaces.Drop(shard, prefix));
        return EndAsync(served, waiting);
    }

    private (List<int> Served, Dictionary<int, bool> Waiting) DropInAll(Func<int, bool> drop)
    {
        var served = new List<int>();
        var waiting = new Dictionary<int, bool>();
        for (int shard = 0; shard < registry.ShardCount; shard++)
        {
            if (!drop(shard))
            {
                continue;
            }

            if (waits.HasToWait(shard))
            {
                waiting[shard] = false;
            }
            else
            {
                served.Add(shard);
            }
        }

        return (served, waiting);
    }

    private async ValueTask<int[]> EndAsync(List<int> served, Dictionary<int, bool> waiting)
    {
        await waits.WaitAsync(waiting);
        return [.. served, .. waiting.Where(static shard => shard.Value).Select(static shard => shard.Key)];
    }

    // Copies as well: who serves one next needs not have been told.
    private bool Drop(int shard, ulong[] tags)
    {
        bool isServed = true;
        foreach (ulong tag in tags)
        {
            isServed &= registry.Store.DropTag(shard, tag);
        }

        return isServed;
    }
}
