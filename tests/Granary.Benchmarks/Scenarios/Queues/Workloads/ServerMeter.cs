using System.Diagnostics;
using Granary.Benchmarks.Measurement;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>Measures what the server uses from the start to the stop of a measured time.</summary>
internal sealed class ServerMeter
{
    private readonly int _processId;
    private readonly SyncCounter? _syncs;
    private readonly ProcessTree _before;
    private readonly TimeSpan _loadBefore = Environment.CpuUsage.TotalTime;
    private readonly long _start;

    private ServerMeter(int processId, SyncCounter? syncs)
    {
        _processId = processId;
        _syncs = syncs;
        _before = ProcessTree.Read(processId);
        _start = Stopwatch.GetTimestamp();
    }

    public static async Task<ServerMeter> StartAsync(
        int processId, bool countsSyncs, CancellationToken cancellationToken) => new(
            processId,
            countsSyncs
                ? await SyncCounter.StartAsync(ProcessTree.ProcessIds(processId), cancellationToken)
                : null);

    /// <summary>What was used for some messages, with their rate first.</summary>
    /// <exception cref="Load.LoadException">There were no messages.</exception>
    public async Task<List<Figure>> StopAsync(Func<long> messages, CancellationToken cancellationToken)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
        long count = messages();
        ProcessTree after = ProcessTree.Read(_processId);
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
                return [new Figure("syncs/1000 msg", syncs * 1000 / count, "0.0"), new Figure("messages", count)];
            }
        }

        return
        [
            new Figure("msg/s", count / elapsed.TotalSeconds),
            new Figure("server CPU us/msg", (after.Cpu - _before.Cpu).TotalMicroseconds / count, "0.0"),
            new Figure("disk B/msg", (double)(after.WrittenBytes - _before.WrittenBytes) / count),
            new Figure("server MiB", after.MemoryBytes / (1024.0 * 1024)),
            new Figure("load cores", load / elapsed, "0.00"),
        ];
    }
}
