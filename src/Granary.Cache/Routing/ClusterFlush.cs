using Granary.Cache.Membership;
using Granary.Cache.Reports;
using Granary.Cache.Shards;

namespace Granary.Cache.Routing;

/// <summary>Drops everything in the cluster. It is done when each shard's owner has done it.</summary>
internal sealed class ClusterFlush(ShardRegistry registry, ClusterView view, ClusterEvents events, TimeProvider time)
{
    // Longer than a shard on its way to another silo is served by nobody.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(20);

    public async Task RunAsync(long atUnixMilliseconds)
    {
        events.Flushed();
        long began = time.GetTimestamp();
        var missing = new HashSet<int>(Enumerable.Range(0, registry.ShardCount));
        while (true)
        {
            int[][] flushed = await Task.WhenAll(view.Current.Members.Select(silo => FlushAsync(silo, atUnixMilliseconds)));
            foreach (int[] shards in flushed)
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
                    + "they may still hold their entries.");
            }

            await Task.Delay(RetryDelay, time);
        }
    }

    private Task<int[]> FlushAsync(SiloAddress silo, long atUnixMilliseconds) => silo.Equals(view.Self)
        ? Task.FromResult(registry.Flush(atUnixMilliseconds))
        : view.ServiceOf(silo).FlushAsync(atUnixMilliseconds).AsTask();
}
