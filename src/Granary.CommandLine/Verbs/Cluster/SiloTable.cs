using Granary.Administration.State;
using Granary.CommandLine.Rendering;

namespace Granary.CommandLine.Verbs.Cluster;

/// <summary>Silos, one below the other, and their sum.</summary>
internal static class SiloTable
{
    public static TextTable Of(ClusterState cluster)
    {
        var table = new TextTable(
            new Column("Silo", IsNumber: false),
            new Column("State", IsNumber: false),
            new Column("Shards"),
            new Column("Entries", Rank: 3),
            new Column("Used"),
            new Column("Budget", Rank: 6),
            new Column("Reads/s"),
            new Column("Hits", Rank: 1),
            new Column("Stores/s", Rank: 7),
            new Column("Evicted/s", Rank: 4),
            new Column("p99", Rank: 2),
            new Column("CPU", Rank: 5),
            new Column("Clients", Rank: 9),
            new Column("Up", Rank: 8));
        foreach (SiloState silo in cluster.Silos)
        {
            table.Add(RowOf(silo, cluster.Time));
        }

        if (cluster.Silos.Count > 1)
        {
            table.Add(SumOf(cluster.Silos));
        }

        return table;
    }

    private static Cell[] RowOf(SiloState silo, long now) =>
    [
        new Cell(silo.Name, Tone.Strong),
        StateOf(silo),
        silo.Shards == silo.ExpectedShards || silo.ExpectedShards is null
            ? Figures.Count(silo.Shards)
            : $"{Figures.Count(silo.Shards)} of {Figures.Count(silo.ExpectedShards)}",
        Figures.Count(silo.Entries),
        Figures.Bytes(silo.UsedBytes),
        Figures.Bytes(silo.BudgetBytes),
        Figures.Rate(silo.Rates?.Reads),
        Figures.Percent(silo.Rates?.Hits, silo.Rates?.Reads),
        Figures.Rate(silo.Rates?.Stores),
        new Cell(Figures.Rate(silo.Rates?.Evictions), silo.Rates?.Evictions > 0 ? Tone.Warning : Tone.Normal),
        Figures.Milliseconds(silo.Latency?.Local.P99),
        Figures.Cores(silo.CpuCores),
        Figures.Count(silo.MemcachedConnections),
        Figures.Age(silo.StartedAt is { } started ? Math.Max(0, now - started) / 1000.0 : null),
    ];

    private static Cell StateOf(SiloState silo) => silo switch
    {
        { State: SiloStateKind.Silent } => new Cell("silent", Tone.Bad),
        { State: SiloStateKind.Draining } => new Cell("leaving", Tone.Warning),
        { Ready: false } => new Cell("not ready", Tone.Warning),
        _ => new Cell("ready", Tone.Good),
    };

    private static Cell[] SumOf(IReadOnlyList<SiloState> silos)
    {
        double? Rate(Func<CacheRates, double> read) =>
            silos.Any(static silo => silo.Rates is not null) ? silos.Sum(silo => silo.Rates is { } rates ? read(rates) : 0) : null;
        double? reads = Rate(static rates => rates.Reads);
        return
        [
            new Cell("all", Tone.Strong),
            string.Empty,
            Figures.Count(silos.Sum(static silo => silo.Shards)),
            Figures.Count(silos.Sum(static silo => silo.Entries)),
            Figures.Bytes(silos.Sum(static silo => silo.UsedBytes)),
            Figures.Bytes(silos.Sum(static silo => silo.BudgetBytes)),
            Figures.Rate(reads),
            Figures.Percent(Rate(static rates => rates.Hits), reads),
            Figures.Rate(Rate(static rates => rates.Stores)),
            Figures.Rate(Rate(static rates => rates.Evictions)),
            Figures.Milliseconds(silos.Max(static silo => silo.Latency?.Local.P99)),
            Figures.Cores(silos.Sum(static silo => silo.CpuCores)),
            Figures.Count(silos.Sum(static silo => silo.MemcachedConnections)),
            string.Empty,
        ];
    }
}
