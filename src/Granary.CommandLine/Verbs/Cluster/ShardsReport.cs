using Granary.Administration.State;
using Granary.CommandLine.Rendering;

namespace Granary.CommandLine.Verbs.Cluster;

/// <summary>Who holds what.</summary>
internal static class ShardsReport
{
    /// <param name="cluster">The cluster.</param>
    /// <param name="all">Whether each shard is to be listed.</param>
    public static Report Of(ClusterState cluster, bool all)
    {
        ShardStates shards = cluster.Shards;
        int displaced = DisplacedIn(shards).Count();
        int nowhere = shards.ServedBy.Count(static silo => silo < 0);
        var report = new Report();
        report.Line(
            $"{Figures.Count(cluster.Cluster.ShardCount, "shard")}: "
                + $"{Figures.Count(displaced)} displaced, {Figures.Count(shards.Moving.Length)} moving, "
                + $"{Figures.Count(shards.Unprotected.Length)} without a complete replica, {Figures.Count(nowhere)} served by nobody"
                + (cluster.Cluster.Replicas == "none" ? " (there are no replicas)." : "."));
        report.Space();
        report.Table(PerSilo(cluster));
        if (all)
        {
            report.Space();
            report.Table(Each(cluster));
        }

        return report;
    }

    private static IEnumerable<int> DisplacedIn(ShardStates shards) => Enumerable.Range(0, shards.ServedBy.Length)
        .Where(shard => shards.ServedBy[shard] >= 0 && shards.ServedBy[shard] != shards.WantedBy[shard]);

    private static TextTable PerSilo(ClusterState cluster)
    {
        ShardStates shards = cluster.Shards;
        var table = new TextTable(
            new Column("Silo", IsNumber: false),
            new Column("Serves"),
            new Column("By the map"),
            new Column("Displaced", Rank: 2),
            new Column("Moving"),
            new Column("Unprotected"),
            new Column("To go", Rank: 3),
            new Column("Entries", Rank: 4));
        ILookup<int, int> displaced = DisplacedIn(shards).ToLookup(shard => shards.ServedBy[shard]);
        for (int place = 0; place < cluster.Silos.Count; place++)
        {
            SiloState silo = cluster.Silos[place];
            int here = place;
            table.Add(
                new Cell(silo.Name, Tone.Strong),
                Figures.Count(shards.ServedBy.Count(one => one == here)),
                Figures.Count(shards.WantedBy.Count(one => one == here)),
                Figures.Count(displaced[place].Count()),
                Figures.Count(silo.MovingShards),
                Figures.Count(silo.UnprotectedShards),
                silo.MovingShards > 0 ? Figures.Bytes(silo.MovingBytesLeft) : Figures.Unknown,
                Figures.Count(silo.Entries));
        }

        return table;
    }

    private static TextTable Each(ClusterState cluster)
    {
        ShardStates shards = cluster.Shards;
        var moving = shards.Moving.ToHashSet();
        var unprotected = shards.Unprotected.ToHashSet();
        var table = new TextTable(
            new Column("Shard"),
            new Column("Served by", IsNumber: false),
            new Column("By the map", IsNumber: false),
            new Column("Is", IsNumber: false));
        for (int shard = 0; shard < shards.ServedBy.Length; shard++)
        {
            string[] remarks =
            [
                .. shards.ServedBy[shard] < 0 ? ["served by nobody"] : (string[])[],
                .. moving.Contains(shard) ? ["moving"] : (string[])[],
                .. unprotected.Contains(shard) ? ["unprotected"] : (string[])[],
                .. shards.ServedBy[shard] >= 0 && shards.ServedBy[shard] != shards.WantedBy[shard] ? ["displaced"] : (string[])[],
            ];
            table.Add(
                Figures.Count(shard),
                NameOf(cluster, shards.ServedBy[shard]),
                NameOf(cluster, shards.WantedBy[shard]),
                new Cell(string.Join(", ", remarks), Tone.Warning));
        }

        return table;
    }

    private static Cell NameOf(ClusterState cluster, int place) =>
        place < 0 ? new Cell(Figures.Unknown, Tone.Bad) : cluster.Silos[place].Name;
}
