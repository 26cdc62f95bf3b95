using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Clients;

namespace Granary.Benchmarks.Scenarios.Cluster;

/// <summary>
/// What one round measured at one cluster. The processor time is that of all its silos; <c>Local</c> is how long calls
/// took for keys that the asked silo holds, <c>Forwarded</c> for those that it asked another silo for.
/// </summary>
internal sealed record ClusterResult(
    long Operations, TimeSpan Elapsed, TimeSpan ServerCpu, Quantiles Local, Quantiles Forwarded)
{
    /// <summary>The part of the silo that took most of the processor time; not a number if that was not measured.</summary>
    public double BusiestPart { get; init; } = double.NaN;

    /// <summary>The part of the reads that copies of hot keys have answered; not a number if that was not measured.</summary>
    public double CopiedPart { get; init; } = double.NaN;

    public double OperationsPerSecond => Operations / Elapsed.TotalSeconds;

    public double ServerCpuMicroseconds => ServerCpu.TotalMicroseconds / Operations;

    public double ServerCores => ServerCpu / Elapsed;

    public static ClusterResult Of(LoadResult result) =>
        new(result.Operations, result.Elapsed, result.ServerCpu!.Value, result.Local, result.Forwarded);

    /// <summary>The .NET client asks the silo that holds the key: all its calls are local.</summary>
    public static ClusterResult Of(ClientResult result) => new(
        result.Operations, result.Elapsed, result.ServerCpu, result.Latency, new Quantiles(double.NaN, double.NaN));
}
