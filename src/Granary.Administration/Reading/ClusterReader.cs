using Granary.Reports;

namespace Granary.Administration.Reading;

/// <summary>Asks all silos at once how they are. Thread-safe.</summary>
/// <param name="grains">Of a silo or of a client.</param>
/// <param name="serviceOf">How a silo is called from here; <see langword="null"/>: it cannot be.</param>
/// <param name="time">The clock.</param>
public sealed class ClusterReader(IGrainFactory grains, Func<ServedSilo, ICacheSiloService?> serviceOf, TimeProvider time)
{
    // A silo that hangs is shown as one; the others are not to wait for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    // Whoever serves the map may have to ask a silo that hangs who it is, which takes up to 5 s.
    private static readonly TimeSpan MapPatience = TimeSpan.FromSeconds(6);

    /// <summary>Asks.</summary>
    /// <param name="parts">What beside the cache.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OrleansException">No silo is reached.</exception>
    /// <exception cref="TimeoutException">The one that is does not answer.</exception>
    public async Task<ClusterReading> ReadAsync(ReportParts parts, CancellationToken cancellationToken)
    {
        ServedMap map = await grains.GetGrain<IClusterMapGrain>(0).GetMapAsync().AsTask().WaitAsync(MapPatience, time, cancellationToken).ConfigureAwait(false);
        SiloReading[] silos = await Task.WhenAll(map.Silos.Select(silo => AskAsync(silo, parts))).WaitAsync(cancellationToken).ConfigureAwait(false);
        return new ClusterReading(time.GetUtcNow(), map, silos);
    }

    /// <summary>Tells a silo to hand over what it has, and to end.</summary>
    /// <exception cref="GranaryException">There is no such silo.</exception>
    /// <exception cref="OrleansException">It is not reached.</exception>
    public async Task DrainAsync(string silo, CancellationToken cancellationToken)
    {
        ServedMap map = await grains.GetGrain<IClusterMapGrain>(0).GetMapAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        ServedSilo found = map.Silos.FirstOrDefault(one => one.Name == silo)
            ?? throw new GranaryException($"There is no silo '{silo}'; there are {string.Join(", ", map.Silos.Select(static one => one.Name))}.");
        ICacheSiloService service = serviceOf(found) ?? throw new GranaryException($"Silo '{silo}' cannot be reached from here.");
        await service.LeaveAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<SiloReading> AskAsync(ServedSilo silo, ReportParts parts)
    {
        try
        {
            SiloReport? report = serviceOf(silo) is { } service
                ? await service.ReportAsync(parts).AsTask().WaitAsync(Patience, time).ConfigureAwait(false)
                : null;
            return new SiloReading(silo, report);
        }
        catch (Exception) // the edge: one silo, which may be of another version, may be stopped, or may have gone
        {
            return new SiloReading(silo, null);
        }
    }
}
