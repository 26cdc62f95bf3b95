using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Cache.Membership;

/// <summary>
/// Refuses to join a cluster with which this silo could not work: another number of shards, or a name that is taken.
/// </summary>
internal sealed class JoinCheck(
    IClusterMembershipService membership,
    ILocalSiloDetails local,
    ClusterView view,
    SiloDirectory directory,
    IOptions<CacheOptions> options,
    ILogger<JoinCheck> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(JoinCheck), ServiceLifecycleStage.BecomeActive - 2, CheckAsync);

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        foreach (ClusterMember member in membership.CurrentSnapshot.Members.Values)
        {
            if (member.Status != SiloStatus.Active || member.SiloAddress.Equals(view.Self))
            {
                continue;
            }

            // The same endpoint is this silo's predecessor, which Orleans is about to declare dead.
            bool isPredecessor = member.SiloAddress.Endpoint.Equals(view.Self.Endpoint);
            if (member.Name == local.Name && !isPredecessor)
            {
                throw new GranaryException(
                    $"The silo name '{local.Name}' is taken by {member.SiloAddress}; each silo of a cluster needs its own.");
            }

            SiloDescription? other = isPredecessor ? null : await directory.DescribeAsync(member.SiloAddress);
            if (other is { Silo.Draining: true })
            {
                view.SetDraining(member.SiloAddress);
            }

            if (other is not null && other.ShardCount != options.Value.ShardCount)
            {
                throw new GranaryException(
                    $"CacheOptions.ShardCount is {options.Value.ShardCount}, but silo '{member.Name}' has "
                    + $"{other.ShardCount}; it must be the same on all silos of a cluster.");
            }
        }

        logger.Joining(local.Name, options.Value.ShardCount);
    }
}
