using Granary.ClusterTests.Checking.Callers;
using Granary.ClusterTests.Checking.Measures;

namespace Granary.ClusterTests.Checking;

/// <summary>What the callers of one protocol have measured.</summary>
/// <param name="Protocol">Which.</param>
/// <param name="Latencies">From when operations were due, those that were skipped included.</param>
/// <param name="Skipped">Due, and not sent because the worker was too late for them.</param>
/// <param name="Reconnects">Connections that the server closed between two commands.</param>
internal sealed record ProtocolReport(Protocol Protocol, LatencyHistogram Latencies, long Skipped, long Reconnects)
{
    public static ProtocolReport Of(Protocol protocol, IEnumerable<Worker> workers)
    {
        Worker[] own = [.. workers.Where(worker => worker.Caller.Protocol == protocol)];
        var latencies = new LatencyHistogram();
        foreach (Worker worker in own)
        {
            latencies.Add(worker.Latencies);
        }

        return new ProtocolReport(
            protocol,
            latencies,
            own.Sum(worker => worker.Skipped),
            own.Sum(worker => worker.Caller.Reconnects));
    }
}
