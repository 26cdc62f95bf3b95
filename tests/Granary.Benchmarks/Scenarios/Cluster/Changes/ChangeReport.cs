using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Cluster.Changes;

/// <summary>What <c>cluster restart</c> and <c>cluster kill</c> print: medians of the rounds.</summary>
/// <param name="scenario">The command.</param>
/// <param name="settings">Its options.</param>
/// <param name="output">Of the tables.</param>
internal sealed class ChangeReport(string scenario, ChangeSettings settings, TextWriter output) : IDisposable
{
    private readonly OrderedDictionary<string, FigureTable> _tables = new(StringComparer.Ordinal);
    private readonly CsvFile? _csv = settings.Csv is not { } file ? null : new CsvFile(
        file.FullName, "scenario", "version", "entries", "value_bytes", "subject", "round", "figure", "value");

    /// <param name="cluster">One of those that are measured.</param>
    /// <param name="keys">What they hold.</param>
    public void PrintSetup(GranaryCluster cluster, KeySpace keys)
    {
        long bytes = keys.Count * (long)(keys.KeyLengthBytes + keys.ValueLengthBytes);
        output.WriteLine(
            $"granary {cluster.Version}: {cluster.Silos.Count} silos of {settings.PeerSettings.MemoryMebibytes} MiB, "
            + $"{keys.Count} entries with values of {keys.ValueLengthBytes} B, {bytes >> 20} MiB with their keys; "
            + $"membership in PostgreSQL, {settings.Rounds} round(s)");
    }

    /// <param name="cluster">That was measured.</param>
    /// <param name="change">What was done; each has a table.</param>
    /// <param name="subject">To what; each has a row.</param>
    /// <param name="round">From 1.</param>
    /// <param name="figures">What was measured.</param>
    public void Add(GranaryCluster cluster, string change, string subject, int round, IReadOnlyList<Figure> figures)
    {
        if (!_tables.TryGetValue(change, out FigureTable? table))
        {
            _tables.Add(change, table = new FigureTable(change));
        }

        table.Add(subject, figures);
        output.WriteLine($"round {round}, {subject}: {string.Join(", ", figures)}");
        foreach (Figure figure in figures)
        {
            _csv?.Add(
                scenario, cluster.Version, settings.Entries, settings.ValueBytes, subject, round, figure.Name,
                figure.Value);
        }
    }

    public void PrintTables()
    {
        foreach (FigureTable table in _tables.Values)
        {
            output.WriteLine();
            table.Print(output);
        }
    }

    public void Dispose() => _csv?.Dispose();
}
