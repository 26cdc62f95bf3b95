using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Cache.Membership;

// A silo of the same name may be the one that this silo follows: dead, and in a moment declared so, or about to leave. So
// it is waited for. Silos that start at the same moment see each other joining. Each of them waits, because the other may
// have done with its check and be active in a moment; after that the eldest goes on.

/// <summary>
/// Refuses to join a cluster with which this silo could not work: another number of shards, or a name that is taken.
/// </summary>
internal sealed class JoinCheck(
    IClusterMembershipService membership,
    ILocalSiloDetails local,
    ClusterView view,
    SiloDirectory directory,
    IOptions<CacheOptions> options,
    TimeProvider time,
    ILogger<JoinCheck> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    // A dead silo is declared dead within 6 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(250);

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(JoinCheck), ServiceLifecycleStage.BecomeActive - 2, CheckAsync);

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        await membership.Refresh(cancellationToken: cancellationToken); // with all that were joining before this silo
        long began = time.GetTimestamp();
        TimeSpan waited = TimeSpan.Zero;
        while (await FindObstacleAsync(waited) is { } obstacle)
        {
            if (waited >= Patience)
            {
                throw new GranaryException(obstacle);
            }

            if (waited == TimeSpan.Zero)
            {
                logger.WaitingToJoin(Patience.TotalSeconds, obstacle);
            }

            await Task.Delay(PollPeriod, time, cancellationToken);
            waited = time.GetElapsedTime(began);
        }

        logger.Joining(local.Name, options.Value.ShardCount);
    }

    // Why this silo cannot join now; null if it can.
    private async Task<string?> FindObstacleAsync(TimeSpan waited)
    {
        // Active ones first: what they refuse is refused at once. A silo that waited for a joining one instead would have
        // others wait for it meanwhile, and refuse them for its own fault.
        foreach (ClusterMember member in membership.CurrentSnapshot.Members.Values.OrderBy(
            static member => member.Status != SiloStatus.Active))
        {
            // The same endpoint is this silo's predecessor, which Orleans is about to declare dead.
            SiloAddress silo = member.SiloAddress;
            bool isActive = member.Status == SiloStatus.Active;
            bool isJoining = member.Status == SiloStatus.Joining && (waited < Patience || IsElder(silo));
            if ((!isActive && !isJoining) || silo.Endpoint.Equals(view.Self.Endpoint))
            {
                continue;
            }

            SiloDescription? other = await directory.AskAsync(silo);
            bool isDraining = other is { Silo.Draining: true };
            if (isDraining)
            {
                view.SetDraining(silo); // it owns nothing: its name does not count
            }

            if (other is not null && other.ShardCount != options.Value.ShardCount)
            {
                string reason = $"CacheOptions.ShardCount (--shards) is {options.Value.ShardCount}, but silo "
                    + $"'{member.Name}' at {silo} has {other.ShardCount}; it must be the same on all silos of a cluster.";
                return isActive ? throw new GranaryException(reason) : reason;
            }

            // Not refused: a rollout that raises it has silos of both for a while.
            if (other is not null && other.MaxValueBytes != options.Value.MaxValueBytes && waited == TimeSpan.Zero)
            {
                logger.MaxValueDiffers(options.Value.MaxValueBytes, member.Name, other.MaxValueBytes);
            }

            if (member.Name == local.Name && !isDraining && (isActive || other is not null))
            {
                return $"The silo name '{local.Name}' (--name) is taken by the silo at {silo}; "
                    + "each silo of a cluster needs its own.";
            }
        }

        return null;
    }

    private bool IsElder(SiloAddress silo) => silo.Generation != view.Self.Generation
        ? silo.Generation < view.Self.Generation
        : silo.CompareTo(view.Self) < 0;
}
