using Granary.Administration.Queues;
using Granary.Administration.State;
using Granary.CommandLine.Rendering;

namespace Granary.CommandLine.Verbs.Cluster;

/// <summary>How a cluster is, on one screen.</summary>
internal static class StatusReport
{
    public static Report Of(ClusterLook look)
    {
        ClusterState cluster = look.Cluster;
        var report = new Report();
        Verdict.Head(report, cluster);
        Verdict.Findings(report, cluster);
        report.Space();
        report.Table(SiloTable.Of(cluster));
        if (look.Queues is { Available: true, Queues.Count: > 0 } queues)
        {
            report.Space();
            report.Line(QueuesOf(queues.Queues));
        }

        return report;
    }

    private static string QueuesOf(IReadOnlyList<QueueState> queues)
    {
        int topics = queues.Count(static queue => queue.Kind == QueueKind.Topic);
        QueueState[] received = [.. queues.Where(static queue => queue.Kind != QueueKind.Topic)];
        string also = topics == 0 ? string.Empty : $", {Figures.Count(topics, "topic")}";
        return $"{Figures.Count(received.Length, "queue")}{also}: "
            + $"{Figures.Count(received.Sum(static queue => queue.Ready))} ready, "
            + $"{Figures.Count(received.Sum(static queue => queue.Leased))} leased, "
            + $"{Figures.Count(received.Sum(static queue => queue.Delayed))} delayed, "
            + $"{Figures.Count(received.Sum(static queue => queue.Dead))} dead; "
            + $"{Figures.Rate(queues.Sum(static queue => queue.Kind == QueueKind.Subscription ? 0 : queue.Rates.Sent))}/s sent, "
            + $"{Figures.Rate(received.Sum(static queue => queue.Rates.Completed))}/s completed.";
    }
}
