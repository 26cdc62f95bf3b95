using Granary.Cache.Membership;
using Granary.Cache.Shards;

namespace Granary.Cache.Routing;

/// <summary>Has something done in every shard of the cluster, by whoever serves it. Thread-safe.</summary>
internal sealed class AllShards(ShardRegistry registry, ClusterView view, TimeProvider time)
{
    // Longer than it takes until the shards of a silo that crashed are served again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks all silos, again and again, until each shard's owner has done it.</summary>
    /// <param name="onThisSilo">Does it here. Doing it twice must do no harm.</param>
    /// <param name="onAnother">Has another silo do it.</param>
    /// <exception cref="GranaryUnavailableException">Some shards were served by nobody.</exception>
    public async Task DoAsync(Func<ValueTask<int[]>> onThisSilo, Func<ICacheSiloService, ValueTask<int[]>> onAnother)
    {
        long began = time.GetTimestamp();
        var missing = new HashSet<int>(Enumerable.Range(0, registry.ShardCount));
        Exception? failure = null;
        while (true)
        {
            int[][] done = await Task.WhenAll(view.Current.Members.Select(AskAsync));
            foreach (int[] shards in done)
            {
                missing.ExceptWith(shards);
            }

            if (missing.Count == 0)
            {
                return;
            }

            if (time.GetElapsedTime(began) > Patience)
            {
                throw new GranaryUnavailableException(
                    $"{missing.Count} of {registry.ShardCount} shards were served by no silo for {Patience.TotalSeconds} s; "
                    + "they may still hold their entries.",
                    failure!);
            }

            await Task.Delay(RetryDelay, time);
        }

        async Task<int[]> AskAsync(SiloAddress silo)
        {
            try
            {
                return await (silo.Equals(view.Self) ? onThisSilo() : onAnother(view.ServiceOf(silo)));
            }
            catch (Exception error) // the edge: a silo that goes; others will serve its shards
            {
                failure = error;
                return [];
            }
        }
    }
}
