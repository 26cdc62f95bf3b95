using System.CommandLine;
using Granary.Administration;
using Granary.Administration.State;
using Granary.CommandLine.Connecting;
using Granary.CommandLine.Outcomes;
using Granary.Reports;

namespace Granary.CommandLine.Verbs.Cluster;

/// <summary>The verb <c>shards</c>.</summary>
internal static class ShardsVerb
{
    private const string Description = """
        Shows which silo has how many shards of the cache.

        Displaced shards are elsewhere than the map says; moving ones are on their way; unprotected ones have no complete
        replica. With --json the whole state of the cluster is printed, as 'status' does: shards.servedBy and shards.wantedBy
        give for each shard a place in silos, or -1.
        """;

    public static Command Create(Surroundings surroundings)
    {
        var all = new Option<bool>("--all") { Description = "List each shard." };
        return Verb.Create(surroundings, "shards", Description, [all], async (call, cancellationToken) =>
        {
            ICluster cluster = await call.ConnectAsync(cancellationToken);
            ClusterState state = ClusterStates.Of([await cluster.ReadAsync(ReportParts.None, cancellationToken)]);
            call.Tell(state, AdministrationJson.Default.ClusterState, () => ShardsReport.Of(state, call.Line.GetValue(all)));
            return ExitCodes.Done;
        });
    }
}
