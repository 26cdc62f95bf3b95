using Granary.Benchmarks.Measurement;

namespace Granary.Benchmarks.Load;

/// <summary>What one round measured. Every operation counted was answered correctly.</summary>
/// <remarks>
/// <c>Local</c> is how long answers took for keys that the asked server holds, <c>Forwarded</c> for those of another. In
/// a batch answers come in order, so that a local one behind a forwarded one waits for it. <c>ServerCpu</c> is that of the
/// server processes, <see langword="null"/> where it is unknown; <c>LoadCpu</c> that of this one.
/// </remarks>
internal sealed record LoadResult(
    long Operations, TimeSpan Elapsed, Quantiles Local, Quantiles Forwarded, TimeSpan? ServerCpu, TimeSpan LoadCpu)
{
    public double OperationsPerSecond => Operations / Elapsed.TotalSeconds;

    public double ServerCpuMicroseconds => ServerCpu is { } cpu ? cpu.TotalMicroseconds / Operations : double.NaN;

    public double LoadCpuMicroseconds => LoadCpu.TotalMicroseconds / Operations;

    public double ServerCores => ServerCpu is { } cpu ? cpu / Elapsed : double.NaN;

    public double LoadCores => LoadCpu / Elapsed;
}
