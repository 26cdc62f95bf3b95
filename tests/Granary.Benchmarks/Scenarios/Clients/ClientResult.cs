using Granary.Benchmarks.Measurement;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>What one round measured. An operation is a key read or written; latencies are those of calls.</summary>
internal sealed record ClientResult(
    long Operations, TimeSpan Elapsed, Quantiles Latency,
    TimeSpan ClientCpu, TimeSpan ServerCpu, long AllocatedBytes)
{
    public double OperationsPerSecond => Operations / Elapsed.TotalSeconds;

    public double ClientCpuMicroseconds => ClientCpu.TotalMicroseconds / Operations;

    public double ServerCpuMicroseconds => ServerCpu.TotalMicroseconds / Operations;

    public double AllocatedBytesPerOperation => (double)AllocatedBytes / Operations;
}
