using Granary.Administration.Reading;
using Granary.Reports;

namespace Granary.Administration.State;

/// <summary>Adds up what silos tell of their namespaces.</summary>
internal static class NamespaceStates
{
    /// <summary>By name. Silos have different ones only while their options are changed.</summary>
    public static IReadOnlyList<NamespaceState> Of(IReadOnlyList<ClusterReading> readings)
    {
        ClusterReading now = readings[^1];
        ClusterReading? before = readings.Count > 1 ? readings[^2] : null;
        var all = now.Silos
            .SelectMany(silo => (silo.Report?.Namespaces ?? []).Select(space => (Space: space, Rates: RatesOf(silo, space, before))))
            .GroupBy(static one => one.Space.Name, StringComparer.Ordinal)
            .OrderBy(static group => group.Key, StringComparer.Ordinal);
        return [.. all.Select(static group => StateOf(group.Key, [.. group]))];
    }

    private static NamespaceState StateOf(string name, (NamespaceReport Space, Rates? Rates)[] silos)
    {
        Rates[] known = [.. silos.Select(static silo => silo.Rates).OfType<Rates>()];
        double hits = known.Sum(static rates => rates.Hits);
        double reads = hits + known.Sum(static rates => rates.Misses);
        return new NamespaceState(
            name,
            KeyText.Of(silos[0].Space.Prefix, out bool isBinary),
            isBinary,
            silos.Max(static silo => silo.Space.QuotaBytes),
            silos.Sum(static silo => silo.Space.Entries),
            silos.Sum(static silo => silo.Space.EntryBytes),
            known.Length == 0 ? null : reads,
            reads > 0 ? hits / reads : null,
            known.Length == 0 ? null : known.Sum(static rates => rates.Evictions));
    }

    // Null if the silo has told nothing before, or another process has had its name.
    private static Rates? RatesOf(SiloReading silo, NamespaceReport later, ClusterReading? before)
    {
        SiloReport? earlier = before?.Silos.FirstOrDefault(one => one.Silo.Address.Equals(silo.Silo.Address))?.Report;
        if (earlier?.Namespaces.FirstOrDefault(space => space.Name == later.Name) is not { } first)
        {
            return null;
        }

        double seconds = Math.Max((silo.Report!.Uptime - earlier.Uptime).TotalSeconds, 0.001);
        return new Rates(
            Math.Max(0, later.Hits - first.Hits) / seconds,
            Math.Max(0, later.Misses - first.Misses) / seconds,
            Math.Max(0, later.Evictions - first.Evictions) / seconds);
    }

    private sealed record Rates(double Hits, double Misses, double Evictions);
}
