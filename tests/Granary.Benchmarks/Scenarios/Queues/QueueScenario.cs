using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Ledgers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Granary.Benchmarks.Scenarios.Queues.Workloads;

namespace Granary.Benchmarks.Scenarios.Queues;

/// <summary>
/// Queues side by side. One server runs at a time, with empty data; a round measures each once with every workload, so
/// that what else the machine does hits all alike. Every workload ends with an empty queue and a balanced ledger.
/// </summary>
internal sealed class QueueScenario(QueueSettings settings, TextWriter output)
{
    private const int SyncProbes = 500;

    private static readonly TimeSpan WorkloadTimeout = TimeSpan.FromMinutes(6);

    private readonly IQueueWorkload[] _workloads =
    [
        .. WorkloadCatalog.All(settings.Rates).Where(workload =>
            settings.Workloads.Any(name =>
                workload.Name == name || workload.Name.StartsWith($"{name}-", StringComparison.Ordinal))),
    ];

    private int _queues;
    private int _voids;

    /// <returns>The exit code: 0 if no run was void.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        output.WriteLine(Machine.Describe());
        LatencyHistogram sync = SyncLatency.Measure(Path.GetTempPath(), SyncProbes);
        output.WriteLine(FormattableString.Invariant(
            $"4 KiB append and fsync: p50 {sync.MicrosecondsAt(0.5):0} us, p99 {sync.MicrosecondsAt(0.99):0} us"));
        if (settings.Cpu is { } cpu)
        {
            LoadAffinity.KeepOff(cpu);
        }

        using CsvFile? csv = settings.Csv is { } file ? QueueReport.OpenCsv(file.FullName) : null;
        var report = new QueueReport(settings, output, csv);
        report.PrintSetup();
        IQueuePeer[] present = [.. settings.Peers.Where(peer => peer.IsPresent)];
        foreach (IQueuePeer peer in settings.Peers.Except(present))
        {
            output.WriteLine($"{peer.Name}: skipped, it is not on this machine.");
        }

        for (int round = 1; round <= settings.Rounds; round++)
        {
            foreach (DurabilityClass durability in settings.Classes)
            {
                foreach (IQueuePeer peer in present.Where(peer => peer.SetupFor(durability) is not null))
                {
                    await MeasureAsync(peer, durability, round, report, cancellationToken);
                }
            }
        }

        report.PrintTables(_workloads);
        return _voids == 0 ? 0 : 1;
    }

    private async Task MeasureAsync(
        IQueuePeer peer, DurabilityClass durability, int round, QueueReport report, CancellationToken cancellationToken)
    {
        try
        {
            await using IQueueUnderTest subject = await peer.StartAsync(durability, settings.Cpu, cancellationToken);
            IQueueWorkload[] fitting = [.. _workloads.Where(workload => workload.Fits(subject))];
            if (fitting.Length > 0)
            {
                IQueueWorkload warmUp = WorkloadCatalog.WarmUpFor(subject);
                await MeasureAsync(peer, durability, subject, warmUp, round, report: null, cancellationToken);
            }

            foreach (IQueueWorkload workload in fitting)
            {
                await MeasureAsync(peer, durability, subject, workload, round, report, cancellationToken);
            }
        }
        catch (PeerException error)
        {
            output.WriteLine($"{peer.Name}: skipped. {error.Message}");
            _voids++;
        }
    }

    // Whatever a client library throws makes this one run void and leaves the others.
    private async Task MeasureAsync(
        IQueuePeer peer, DurabilityClass durability, IQueueUnderTest subject, IQueueWorkload workload, int round,
        QueueReport? report, CancellationToken cancellationToken)
    {
        string run = $"{durability} {peer.Name} {workload.Name} round {round}";
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(WorkloadTimeout);
        try
        {
            var context = new WorkloadContext(subject, durability, $"bench{++_queues}", workload.BodyBytes, settings);
            await workload.CreateAsync(context, timeout.Token);
            IReadOnlyList<Figure> figures = await workload.RunAsync(context, timeout.Token);
            LedgerBalance balance = context.Ledger.Balance();
            await workload.DeleteAsync(context, timeout.Token);
            if (balance.Unexpected > 0 || (subject.KeepsAll && !balance.IsClean))
            {
                throw new LoadException($"The ledger does not balance: {balance}.");
            }

            if (report is not null)
            {
                output.WriteLine($"{run}: {string.Join(", ", figures)}; {balance}");
                report.Add(peer, subject, durability, workload, round, figures, balance);
            }
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            output.WriteLine($"{run}: void. {error.GetType().Name}: {error.Message}");
            _voids++;
        }
    }
}
