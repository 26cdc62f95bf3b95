using Granary.Cache.Copies;
using Granary.Cache.Membership;
using Microsoft.Extensions.Logging;

namespace Granary.Cache.Shards;

/// <summary>
/// Follows the map: activates the shards that this silo should hold, lets those go that another should, keeps replicas
/// where they belong, and drops entries whose time has passed.
/// </summary>
internal sealed class ShardKeeper(
    ShardRegistry registry,
    OutgoingCopies copies,
    CopyLinks links,
    MoveRehearsals rehearsals,
    ShardOpener opener,
    ClusterView view,
    PeerReach reach,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<ShardKeeper> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);
    private const int MaxActivationsAtOnce = 32;
    private const int SweepBudgetRecords = 10_000; // per period: a millisecond
    private const int ShrinkSegments = 64; // per period: some 50 ms of 64 MiB at most, while others use the store

    // Shards move when the map has been quiet for this many periods: silos often come in groups. One that leaves waits
    // for nobody. Nothing moves to a silo that is reached only through another: frames would arrive, and the activation,
    // which Orleans brings, would not follow them.
    private const int QuietPeriods = 10;

    private Task _activating = Task.CompletedTask;
    private long _seen = -1;
    private int _quiet;

    /// <summary>Does so from when this silo joins until cancelled.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        await view.WaitForJoinAsync(cancellationToken);
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            Keep(cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>What is to be done once a period.</summary>
    internal void Keep(CancellationToken cancellationToken)
    {
        ViewSnapshot snapshot = view.Current;
        if (!snapshot.IsMember(view.Self))
        {
            return; // before it has joined, or when it has left
        }

        _quiet = snapshot.Version == _seen ? _quiet + 1 : 0;
        _seen = snapshot.Version;
        registry.Store.Sweep(SweepBudgetRecords);
        registry.Store.Budget.Shrink(ShrinkSegments);
        registry.Expire(snapshot.IsMember);
        bool mayMove = _quiet >= QuietPeriods || view.IsDraining;
        rehearsals.Follow(snapshot);
        copies.Follow(snapshot, target => mayMove && reach.RelayTo(target) is null && rehearsals.AreOver(target));
        links.Follow();
        opener.Pump();
        if (_activating.IsCompleted && MissingShards(snapshot) is { } missing)
        {
            _activating = ActivateAsync(missing, cancellationToken);
        }
    }

    // Null for none: the usual answer makes no garbage.
    private List<int>? MissingShards(ViewSnapshot snapshot)
    {
        List<int>? missing = null;
        for (int shard = 0; shard < registry.ShardCount; shard++)
        {
            if (registry[shard].State == ShardState.Closed && view.Self.Equals(snapshot.OwnerOf(shard)))
            {
                (missing ??= []).Add(shard);
            }
        }

        return missing;
    }

    private async Task ActivateAsync(List<int> missing, CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(
                missing,
                new ParallelOptions { MaxDegreeOfParallelism = MaxActivationsAtOnce, CancellationToken = cancellationToken },
                async (shard, _) => await grains.GetGrain<ICacheShardGrain>(shard).EnsureActiveAsync());
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested) // the edge: the next tick tries again
        {
            logger.ActivationFailed(exception);
        }
    }
}
