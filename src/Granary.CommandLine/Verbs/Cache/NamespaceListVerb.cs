using System.CommandLine;
using Granary.Administration.Reading;
using Granary.Administration.State;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Rendering;
using Granary.CommandLine.Verbs.Cluster;
using Granary.Reports;

namespace Granary.CommandLine.Verbs.Cache;

/// <summary>The verb <c>namespace list</c>.</summary>
internal static class NamespaceListVerb
{
    private const string Description = """
        Lists namespaces: what their keys begin with, how much of their quota they take, and how they are read.

        It looks twice, for the rates; hits are those of the second between. Over the quota entries of the namespace are evicted.
        """;

    public static Command Create(Surroundings surroundings) =>
        Verb.Create(surroundings, "list", Description, [], async (call, cancellationToken) =>
        {
            ICluster cluster = await call.ConnectAsync(cancellationToken);
            ClusterReading[] readings = await TwoReadings.TakeAsync(cluster, call.Time, ReportParts.None, cancellationToken);
            IReadOnlyList<NamespaceState> namespaces = ClusterStates.Of(readings).Namespaces;
            call.Tell(namespaces, VerbJson.Default.IReadOnlyListNamespaceState, () => ReportOf(namespaces));
            return ExitCodes.Done;
        });

    private static Report ReportOf(IReadOnlyList<NamespaceState> namespaces)
    {
        var report = new Report();
        if (namespaces.Count == 0)
        {
            report.Line("There are no namespaces: silos are told of them by --namespaces.");
        }

        report.Table(NamespaceTable.Of(namespaces));
        return report;
    }
}
