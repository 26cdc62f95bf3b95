using System.CommandLine;
using Granary.Administration;
using Granary.Administration.State;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;

namespace Granary.CommandLine.Verbs.Cluster;

/// <summary>The verb <c>status</c>.</summary>
internal static class StatusVerb
{
    private const string Description = """
        Shows how the cluster is: what is wrong and what to do about it, its silos, its queues in sum.

        The exit code is 0 if nothing is wrong and 1 if something is: --fail-on says from which severity on. What only passes
        or is good to know (info) does not count. With cron: granary status >/tmp/granary.txt || mail -s granary me </tmp/granary.txt
        It takes a second, for the rates.
        """;

    private const string Warning = "warning";
    private const string Critical = "critical";
    private const string Never = "never";

    public static Command Create(Surroundings surroundings)
    {
        var failOn = new Option<string>("--fail-on")
        {
            Description = "From which severity of a finding on the exit code is 1.",
            HelpName = $"{Warning}|{Critical}|{Never}",
            DefaultValueFactory = static _ => Warning,
        };
        failOn.AcceptOnlyFromAmong(Warning, Critical, Never);
        return Verb.Create(surroundings, "status", Description, [failOn], async (call, cancellationToken) =>
        {
            ICluster cluster = await call.ConnectAsync(cancellationToken);
            ClusterLook look = await ClusterLook.ReadTwiceAsync(cluster, call.Time, cancellationToken);
            call.Tell(look.Cluster, AdministrationJson.Default.ClusterState, () => StatusReport.Of(look));
            return CodeOf(Verdict.WorstOf(look.Cluster), call.Line.GetValue(failOn)!);
        });
    }

    private static int CodeOf(FindingSeverity? worst, string failOn)
    {
        bool isTooBad = failOn switch
        {
            Never => false,
            Critical => worst == FindingSeverity.Critical,
            _ => worst >= FindingSeverity.Warning,
        };
        return isTooBad ? ExitCodes.No : ExitCodes.Done;
    }
}
