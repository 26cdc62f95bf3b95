using Orleans.Concurrency;

namespace Granary.Cache.Membership;

/// <summary>Serves the map from whichever silo a client is connected to.</summary>
[StatelessWorker(1)] // one on each silo that is asked: no directory, no hop
internal sealed class ClusterMapGrain(SiloDirectory directory) : Grain, IClusterMapGrain
{
    public ValueTask<ServedMap> GetMapAsync() => directory.GetMapAsync();
}
