using System.Globalization;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Ledgers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Granary.Benchmarks.Scenarios.Queues.Workloads;

namespace Granary.Benchmarks.Scenarios.Queues;

/// <summary>What <c>queue</c> prints: a table per durability class and workload, with a row for each queue.</summary>
internal sealed class QueueReport(QueueSettings settings, TextWriter output, CsvFile? csv)
{
    private readonly Dictionary<(DurabilityClass, string Workload), Dictionary<string, List<Figure>>> _tables = [];

    public static CsvFile OpenCsv(string path) => new(
        path, "scenario", "class", "workload", "queue", "version", "round", "cpu", "body_bytes", "figure", "value",
        "confirmed", "lost", "duplicates", "unexpected");

    /// <summary>For example "rate msg/s 12345, p50 us 10".</summary>
    public static string Line(IEnumerable<Figure> figures) =>
        string.Join(", ", figures.Select(figure => $"{figure.Name} {Text(figure)}"));

    public void PrintSetup()
    {
        string pinning = settings.Cpu is { } cpu ? $"servers on core {cpu}, load off it" : "nothing pinned";
        output.WriteLine($"{settings.BodyBytes} B messages, {settings.Rounds} round(s), {pinning}");
        foreach (DurabilityClass durability in settings.Classes)
        {
            IEnumerable<string> setups = settings.Peers
                .Where(peer => peer.SetupFor(durability) is not null)
                .Select(peer => $"{peer.Name} ({peer.SetupFor(durability)})");
            output.WriteLine($"{durability}: {string.Join(", ", setups)}");
        }
    }

    public void Add(
        IQueuePeer peer, IQueueUnderTest subject, DurabilityClass durability, IQueueWorkload workload, int round,
        IReadOnlyList<Figure> figures, LedgerBalance balance)
    {
        if (!_tables.TryGetValue((durability, workload.Name), out Dictionary<string, List<Figure>>? rows))
        {
            rows = new Dictionary<string, List<Figure>>(StringComparer.Ordinal);
            _tables.Add((durability, workload.Name), rows);
        }

        string row = $"{peer.Name} {subject.Version}";
        if (!rows.TryGetValue(row, out List<Figure>? measured))
        {
            rows.Add(row, measured = []);
        }

        measured.AddRange(figures);
        foreach (Figure figure in figures)
        {
            csv?.Add(
                "queue", durability, workload.Name, peer.Name, subject.Version, round,
                (object?)settings.Cpu ?? "", workload.BodyBytes ?? settings.BodyBytes, figure.Name, figure.Value,
                balance.Confirmed, balance.Lost, balance.Duplicates, balance.Unexpected);
        }
    }

    /// <summary>Medians of the rounds, with the least and the greatest.</summary>
    public void PrintTables(IReadOnlyList<IQueueWorkload> workloads)
    {
        foreach (DurabilityClass durability in settings.Classes)
        {
            foreach (IQueueWorkload workload in workloads)
            {
                if (_tables.TryGetValue((durability, workload.Name), out Dictionary<string, List<Figure>>? rows))
                {
                    output.WriteLine();
                    output.WriteLine($"{durability}, {workload.Name}: {workload.Title}");
                    Print(rows);
                }
            }
        }
    }

    private void Print(Dictionary<string, List<Figure>> rows)
    {
        string[] names =
        [
            .. rows.Values.SelectMany(figures => figures.Select(figure => figure.Name))
                .Distinct(StringComparer.Ordinal),
        ];
        var table = new TextTable(["queue", .. names]);
        foreach ((string row, List<Figure> figures) in rows)
        {
            table.Add([row, .. names.Select(name => Cell([.. figures.Where(figure => figure.Name == name)]))]);
        }

        table.Print(output);
    }

    private static string Cell(Figure[] figures) => figures.Length == 0
        ? "-"
        : Spread.Of(figures.Select(figure => figure.Value)).ToString(figures[0].Format);

    private static string Text(Figure figure) => figure.Value.ToString(figure.Format, CultureInfo.InvariantCulture);
}
