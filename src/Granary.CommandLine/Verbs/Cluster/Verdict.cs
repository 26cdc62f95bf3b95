using Granary.Administration.State;
using Granary.CommandLine.Rendering;

namespace Granary.CommandLine.Verbs.Cluster;

/// <summary>What is wrong with a cluster, as lines.</summary>
internal static class Verdict
{
    /// <summary>One line: how it is, and how large.</summary>
    public static void Head(Report report, ClusterState cluster)
    {
        (string text, Tone tone) = WorstOf(cluster) switch
        {
            FindingSeverity.Critical => ("Critical", Tone.Bad),
            FindingSeverity.Warning => ("Warning", Tone.Warning),
            _ => ("Healthy", Tone.Good),
        };
        string replicas = cluster.Cluster.Replicas == "none" ? "no replicas" : $"replicas {cluster.Cluster.Replicas}";
        report.Line(
            new Cell(text, tone),
            $": {Figures.Count(cluster.Silos.Count, "silo")}, {Figures.Count(cluster.Cluster.ShardCount, "shard")}, {replicas}.");
    }

    /// <summary>Each finding, and what to do about it.</summary>
    public static void Findings(Report report, ClusterState cluster)
    {
        foreach (Finding finding in cluster.Findings)
        {
            (string word, Tone tone) = finding.Severity switch
            {
                FindingSeverity.Critical => ("critical", Tone.Bad),
                FindingSeverity.Warning => ("warning", Tone.Warning),
                _ => ("info", Tone.Faint),
            };
            report.Line(new Cell($"  {word,-8}  ", tone), finding.Text);
            if (finding.Hint is not null)
            {
                report.Line(new Cell($"            {finding.Hint}", Tone.Faint));
            }
        }
    }

    /// <summary>The worst of the findings; <see langword="null"/> if there is none.</summary>
    public static FindingSeverity? WorstOf(ClusterState cluster) =>
        cluster.Findings.Count == 0 ? null : cluster.Findings.Max(static finding => finding.Severity);
}
