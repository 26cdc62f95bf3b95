using Granary.Administration.Queues;
using Granary.Administration.State;
using Granary.CommandLine.Rendering;
using Granary.CommandLine.Verbs.Queues;

namespace Granary.CommandLine.Verbs.Cluster;

/// <summary>What is going on: silos, hot keys, busy queues.</summary>
internal static class TopReport
{
    private const int MaxFindings = 3;
    private const int MaxKeys = 10;
    private const int MaxQueues = 10;
    private const int MaxKeyLength = 48;

    public static Report Of(ClusterLook look)
    {
        ClusterState cluster = look.Cluster;
        var report = new Report();
        report.Line(new Cell($"granary top  {Figures.Time(cluster.Time)}", Tone.Faint));
        Verdict.Head(report, cluster);
        Verdict.Findings(report, cluster with { Findings = [.. cluster.Findings.Take(MaxFindings)] });
        report.Table(SiloTable.Of(cluster));
        if (cluster.HotKeys.Count > 0)
        {
            report.Space();
            report.Table(KeysOf(cluster));
        }

        QueueState[] busy =
        [
            .. look.Queues.Queues
                .Where(IsBusy)
                .OrderByDescending(static queue => queue.Rates.Sent + queue.Rates.Received + queue.Rates.Completed)
                .ThenByDescending(static queue => queue.Ready)
                .Take(MaxQueues),
        ];
        if (busy.Length > 0)
        {
            report.Space();
            report.Table(QueueTable.Of(busy));
        }

        if (!look.Queues.Available)
        {
            report.Space();
            report.Line(new Cell($"The queues cannot be read: {look.Queues.Reason}", Tone.Warning));
        }

        return report;
    }

    private static bool IsBusy(QueueState queue) =>
        queue.Ready + queue.Leased + queue.Behind > 0 || queue.Rates is not { Sent: 0, Received: 0, Completed: 0, Failed: 0 };

    private static TextTable KeysOf(ClusterState cluster)
    {
        var table = new TextTable(
            new Column("Hot key", IsNumber: false),
            new Column("Silo", IsNumber: false),
            new Column("Shard"),
            new Column("Reads/s"),
            new Column("Writes/s"),
            new Column("Of all"));
        foreach (HotKeyState key in cluster.HotKeys.Take(MaxKeys))
        {
            table.Add(
                key.IsBinary ? $"{Figures.Short(key.Key, MaxKeyLength)} (base 64)" : Figures.Short(key.Key, MaxKeyLength),
                key.Silo,
                Figures.Count(key.Shard),
                Figures.Rate(key.ReadsPerSecond),
                Figures.Rate(key.WritesPerSecond),
                Figures.Percent(key.Share));
        }

        return table;
    }
}
