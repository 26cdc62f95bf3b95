using Granary.Cache.Membership;

namespace Granary.Cache.Services;

/// <inheritdoc/>
internal sealed class SiloCluster(
    SiloDirectory directory, ClusterView view, InProcessService ownService, IGrainFactory grains) : ISiloCluster
{
    /// <inheritdoc/>
    public async ValueTask<ServedMap> GetMapAsync()
    {
        ServedMap map = await directory.GetMapAsync();
        return map with { Silos = [.. map.Silos.Select(Reach)] };
    }

    /// <inheritdoc/>
    public async ValueTask<ServedSilo> LocateAsync(int shard) =>
        Reach(await grains.GetGrain<ICacheShardGrain>(shard).LocateAsync());

    private ServedSilo Reach(ServedSilo silo) => silo with
    {
        Service = silo.Address.Equals(view.Self) ? ownService : view.DirectServiceOf(silo.Address),
    };
}
