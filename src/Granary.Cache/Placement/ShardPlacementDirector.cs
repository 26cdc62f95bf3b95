using Granary.Cache.Membership;
using Orleans.Runtime.Placement;

namespace Granary.Cache.Placement;

/// <summary>Places a shard by hint while it moves, else by the map.</summary>
internal sealed class ShardPlacementDirector(ClusterView view) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        SiloAddress[] compatible = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, compatible) is { } hint)
        {
            return Task.FromResult(hint);
        }

        int shard = (int)target.GrainIdentity.GetIntegerKey();
        SiloAddress? owner = view.Current.OwnerOf(shard);
        return Task.FromResult(
            owner is not null && Array.IndexOf(compatible, owner) >= 0
                ? owner
                : compatible[shard % compatible.Length]);
    }
}
