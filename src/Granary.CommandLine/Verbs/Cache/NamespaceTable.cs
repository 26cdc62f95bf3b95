using Granary.Administration.State;
using Granary.CommandLine.Rendering;

namespace Granary.CommandLine.Verbs.Cache;

/// <summary>Namespaces, one below the other.</summary>
internal static class NamespaceTable
{
    public static TextTable Of(IEnumerable<NamespaceState> namespaces)
    {
        var table = new TextTable(
            new Column("Namespace", IsNumber: false),
            new Column("Prefix", IsNumber: false, Rank: 4),
            new Column("Entries", Rank: 3),
            new Column("Size"),
            new Column("Quota"),
            new Column("Used", Rank: 5),
            new Column("Reads/s"),
            new Column("Hits", Rank: 1),
            new Column("Evicted/s", Rank: 2));
        foreach (NamespaceState space in namespaces)
        {
            table.Add(RowOf(space));
        }

        return table;
    }

    private static Cell[] RowOf(NamespaceState space) =>
    [
        new Cell(space.Name, Tone.Strong),
        space.IsBinary ? $"{space.Prefix} (base 64)" : space.Prefix,
        Figures.Count(space.Entries),
        Figures.Bytes(space.EntryBytes),
        space.QuotaBytes > 0 ? Figures.Bytes(space.QuotaBytes) : "none",
        Figures.Percent(space.EntryBytes, space.QuotaBytes),
        Figures.Rate(space.ReadsPerSecond),
        Figures.Percent(space.HitRatio),
        new Cell(Figures.Rate(space.EvictionsPerSecond), space.EvictionsPerSecond > 0 ? Tone.Warning : Tone.Normal),
    ];
}
