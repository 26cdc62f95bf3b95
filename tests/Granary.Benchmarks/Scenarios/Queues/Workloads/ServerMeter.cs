using System.Diagnostics;
using Granary.Benchmarks.Measurement;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>Measures what a server uses from the start to the stop of a measured time.</summary>
internal sealed class ServerMeter
{
    private readonly IReadOnlyList<int> _processIds;
    private readonly string _unit;
    private readonly SyncCounter? _syncs;
    private readonly ProcessTree _before;
    private readonly TimeSpan _loadBefore = Environment.CpuUsage.TotalTime;
    private readonly long _start;

    private ServerMeter(IReadOnlyList<int> processIds, string unit, SyncCounter? syncs)
    {
        _processIds = processIds;
        _unit = unit;
        _syncs = syncs;
        _before = ProcessTree.Read(processIds);
        _start = Stopwatch.GetTimestamp();
    }

    /// <summary>How long it measured.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <param name="processIds">The server's; those they start count too.</param>
    /// <param name="unit">What is counted, as the figures name it.</param>
    /// <param name="countsSyncs">Whether strace counts syncs, and nothing else is measured.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<ServerMeter> StartAsync(
        IReadOnlyList<int> processIds, string unit, bool countsSyncs, CancellationToken cancellationToken) => new(
            processIds,
            unit,
            countsSyncs
                ? await SyncCounter.StartAsync(ProcessTree.ProcessIds(processIds), cancellationToken)
                : null);

    /// <summary>What was used for some messages, with their rate first.</summary>
    /// <exception cref="Load.LoadException">There were no messages.</exception>
    public async Task<List<Figure>> StopAsync(Func<long> messages, CancellationToken cancellationToken)
    {
        Elapsed = Stopwatch.GetElapsedTime(_start);
        long count = messages();
        ProcessTree after = ProcessTree.Read(_processIds);
        TimeSpan load = Environment.CpuUsage.TotalTime - _loadBefore;
        if (count <= 0)
        {
            throw new Load.LoadException("No message was answered in the measured time.");
        }

        if (_syncs is not null)
        {
            await using (_syncs)
            {
                double syncs = await _syncs.StopAsync(cancellationToken);
                return [new Figure($"syncs/1000 {_unit}", syncs * 1000 / count, "0.0"), new Figure("messages", count)];
            }
        }

        return
        [
            new Figure($"{_unit}/s", count / Elapsed.TotalSeconds),
            new Figure($"server CPU us/{_unit}", (after.Cpu - _before.Cpu).TotalMicroseconds / count, "0.0"),
            new Figure($"disk B/{_unit}", (double)(after.WrittenBytes - _before.WrittenBytes) / count),
            new Figure("server MiB", after.MemoryBytes / (1024.0 * 1024)),
            new Figure("load cores", load / Elapsed, "0.00"),
        ];
    }
}
