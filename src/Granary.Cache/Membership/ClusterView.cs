using System.Collections.Frozen;
using Granary.Cache.Services;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Cache.Membership;

/// <summary>
/// What this silo knows of the cluster: the map over the active silos, and how to reach each of them. Follows Orleans'
/// membership. Reads are lock-free: they see one snapshot after the other.
/// </summary>
internal sealed class ClusterView(
    IClusterMembershipService membership,
    ILocalSiloDetails local,
    CacheSiloServiceClient services,
    IOptions<CacheOptions> options,
    ILogger<ClusterView> logger) : BackgroundService
{
    private ViewSnapshot _current = ViewSnapshot.Empty(options.Value.ShardCount);
    private int _departures;

    /// <summary>Raised after each change, one at a time. Handlers are quick.</summary>
    public event Action<ViewSnapshot>? Changed;

    public SiloAddress Self => local.SiloAddress;

    public ViewSnapshot Current => Volatile.Read(ref _current);

    /// <summary>How often a silo has left the view. What was parked before a departure is not trusted after it.</summary>
    public int Departures => Volatile.Read(ref _departures);

    /// <summary>Whether a silo is declared dead, by what Orleans knows now: <see cref="Current"/> follows a moment later.</summary>
    public bool IsDead(SiloAddress silo) => membership.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Dead;

    /// <summary>The batch end point of another silo.</summary>
    public ICacheSiloService ServiceOf(SiloAddress silo) => services.At(silo);

    /// <summary>This silo, as clients need to know it.</summary>
    public ServedSilo DescribeSelf() => new()
    {
        Name = local.Name,
        Address = local.SiloAddress,
        Gateway = local.GatewayAddress?.Endpoint,
        Draining = false,
        Service = local.GatewayAddress is { } gateway ? services.AtGateway(gateway.Endpoint) : null,
    };

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (ClusterMembershipSnapshot snapshot in membership.MembershipUpdates
            .WithCancellation(stoppingToken))
        {
            Apply(snapshot);
        }
    }

    private void Apply(ClusterMembershipSnapshot snapshot)
    {
        // Two members of one name: the younger one, because Orleans declares the elder of a restart dead in a moment.
        FrozenDictionary<string, SiloAddress> silos = snapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active)
            .GroupBy(member => member.Name, StringComparer.Ordinal)
            .ToFrozenDictionary(
                group => group.Key,
                group => group.MaxBy(member => member.SiloAddress.Generation)!.SiloAddress,
                StringComparer.Ordinal);
        ViewSnapshot before = Current;
        var view = new ViewSnapshot(snapshot.Version.Value, options.Value.ShardCount, silos);
        if (before.Silos.Any(silo => !view.Silos.Contains(silo)))
        {
            Interlocked.Increment(ref _departures);
        }

        Volatile.Write(ref _current, view);
        if (!before.Silos.SequenceEqual(view.Silos))
        {
            logger.ViewChanged(view.Version, view.Silos.Length, view.ShardsOf(Self).Count);
        }

        Changed?.Invoke(view);
    }
}
