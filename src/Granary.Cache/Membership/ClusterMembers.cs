namespace Granary.Cache.Membership;

/// <summary>The view, the reach and the lease, for others than the cache. Thread-safe.</summary>
internal sealed class ClusterMembers(ClusterView view, PeerReach reach, ServingLease lease, TimeProvider time)
    : IClusterMembers
{
    /// <inheritdoc/>
    public SiloAddress Self => view.Self;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SiloAddress> Owners => view.Current.Owners;

    /// <inheritdoc/>
    public bool IsLeaving => view.IsDraining;

    /// <inheritdoc/>
    public bool MayAnswer => lease.Check();

    /// <inheritdoc/>
    public bool Reaches(SiloAddress silo) => reach.RelayTo(silo) is null;

    /// <inheritdoc/>
    public ICacheSiloService ServiceOf(SiloAddress silo) => view.ServiceOf(silo);

    /// <inheritdoc/>
    public async Task WaitForTheLostAsync(CancellationToken cancellationToken)
    {
        await view.CatchUpAsync(cancellationToken);
        if (view.LeaseOfTheLost is { Ticks: > 0 } left)
        {
            await Task.Delay(left, time, cancellationToken);
        }
    }
}
