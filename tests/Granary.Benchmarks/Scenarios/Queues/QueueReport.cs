using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Ledgers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Granary.Benchmarks.Scenarios.Queues.Workloads;

namespace Granary.Benchmarks.Scenarios.Queues;

/// <summary>What <c>queue</c> prints: a table per durability class and workload, with a row for each queue.</summary>
internal sealed class QueueReport(QueueSettings settings, TextWriter output, CsvFile? csv)
{
    private readonly Dictionary<(DurabilityClass, string Workload), FigureTable> _tables = [];

    public static CsvFile OpenCsv(string path) => new(
        path, "scenario", "class", "workload", "queue", "version", "round", "cpu", "body_bytes", "figure", "value",
        "confirmed", "lost", "duplicates", "unexpected");

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
        if (!_tables.TryGetValue((durability, workload.Name), out FigureTable? table))
        {
            _tables.Add((durability, workload.Name), table = new FigureTable("queue"));
        }

        table.Add($"{peer.Name} {subject.Version}", figures);
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
                if (_tables.TryGetValue((durability, workload.Name), out FigureTable? table))
                {
                    output.WriteLine();
                    output.WriteLine($"{durability}, {workload.Name}: {workload.Title}");
                    table.Print(output);
                }
            }
        }
    }
}
