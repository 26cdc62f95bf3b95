using System.Reflection;
using Granary.Administration.Queues;
using Granary.Administration.Reading;
using Granary.Client;
using Granary.CommandLine.Connecting;
using Granary.Queues;
using Granary.Reports;
using Granary.Tests.Shared.Reports;

namespace Granary.CommandLine.Tests.Doubles;

/// <summary>A cluster that answers what a test has given it.</summary>
internal sealed class FakeCluster : ICluster
{
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 16, 0, 0, TimeSpan.Zero);

    private int _readings;

    /// <summary>Readings, one after another; the last one again and again.</summary>
    public List<ClusterReading> Readings { get; } = [];

    public QueueList QueueList { get; set; } = new(0, Available: true, Reason: null, []);

    public MessagePage Page { get; set; } = new([], null);

    /// <summary>Thrown by whatever is asked.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Whether whatever is asked gets no answer.</summary>
    public bool Hangs { get; set; }

    public List<string> Drained { get; } = [];

    public IGranaryCache Cache { get; } = DispatchProxy.Create<IGranaryCache, FakeCache>();

    public IGranaryQueues Queues { get; set; } = new FakeQueues();

    /// <summary>A silo that has answered.</summary>
    public static SiloReading Silo(string name, Func<SiloReport, SiloReport>? change = null, bool draining = false)
    {
        SiloReport report = IdleSilo.Report(name) with
        {
            Uptime = TimeSpan.FromHours(3),
            At = Start,
            Entries = 1234,
            EntryBytes = 1 << 20,
            UsedBytes = 12 << 20,
            BudgetBytes = 64 << 20,
            ResidentBytes = 200 << 20,
            ProcessorTime = TimeSpan.FromSeconds(10),
        };
        return new SiloReading(IdleSilo.Served(name, draining), change is null ? report : change(report));
    }

    /// <summary>A silo that has not answered.</summary>
    public static SiloReading SilentSilo(string name) => new(IdleSilo.Served(name), null);

    /// <summary>A reading of four shards.</summary>
    public static ClusterReading Reading(double seconds, params SiloReading[] silos) => new(
        Start.AddSeconds(seconds),
        new ServedMap { ViewVersion = 3, ShardCount = 4, MaxValueBytes = 1 << 20, Silos = [.. silos.Select(static silo => silo.Silo)] },
        silos);

    public async Task<ClusterReading> ReadAsync(ReportParts parts, CancellationToken cancellationToken)
    {
        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        if (Failure is not null)
        {
            throw Failure;
        }

        return Readings[Math.Min(_readings++, Readings.Count - 1)];
    }

    public Task<QueueList> ListQueuesAsync(ClusterReading reading, CancellationToken cancellationToken) => Task.FromResult(QueueList);

    public Task<MessagePage> PeekAsync(string queue, MessageState state, string? from, int max, CancellationToken cancellationToken) =>
        Task.FromResult(Page);

    public Task DrainAsync(string silo, CancellationToken cancellationToken)
    {
        Drained.Add(silo);
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => default;
}
