using Granary.Cache.Membership;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.Cache.Shards;

/// <summary>
/// Follows the map: activates the shards that this silo should hold, gives away those that another should, and drops
/// entries whose time has passed.
/// </summary>
internal sealed class ShardKeeper(
    ShardRegistry registry, ClusterView view, IGrainFactory grains, TimeProvider time, ILogger<ShardKeeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private const int MaxActivationsAtOnce = 32;
    private const int SweepBudgetRecords = 50_000; // per period: a few milliseconds

    // The map is followed after it has been quiet for this many periods: silos often come in groups.
    private const int QuietPeriods = 2;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        long seen = -1;
        int quiet = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            ViewSnapshot snapshot = view.Current;
            quiet = snapshot.Version == seen ? quiet + 1 : 0;
            seen = snapshot.Version;
            try
            {
                await FollowAsync(snapshot, quiet >= QuietPeriods, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested) // the edge: the next tick tries again
            {
                logger.ActivationFailed(exception);
            }
        }
    }

    private async Task FollowAsync(ViewSnapshot snapshot, bool isQuiet, CancellationToken cancellationToken)
    {
        registry.Store.Sweep(SweepBudgetRecords);
        await ActivateOwnAsync(snapshot, cancellationToken);
        if (isQuiet)
        {
            GiveAway(snapshot);
        }
    }

    private async Task ActivateOwnAsync(ViewSnapshot snapshot, CancellationToken cancellationToken)
    {
        IEnumerable<int> missing = snapshot.ShardsOf(view.Self).Where(shard => registry.ActivationOf(shard) is null);
        await Parallel.ForEachAsync(
            missing,
            new ParallelOptions { MaxDegreeOfParallelism = MaxActivationsAtOnce, CancellationToken = cancellationToken },
            async (shard, _) => await grains.GetGrain<ICacheShardGrain>(shard).EnsureActiveAsync());
    }

    private void GiveAway(ViewSnapshot snapshot)
    {
        for (int shard = 0; shard < registry.ShardCount; shard++)
        {
            SiloAddress? owner = snapshot.OwnerOf(shard);
            if (owner is not null && !owner.Equals(view.Self) && registry.ActivationOf(shard) is { } activation)
            {
                activation.Migrate(
                    new Dictionary<string, object>(StringComparer.Ordinal)
                    {
                        [Orleans.Runtime.Placement.IPlacementDirector.PlacementHintKey] = owner,
                    },
                    CancellationToken.None);
            }
        }
    }
}
