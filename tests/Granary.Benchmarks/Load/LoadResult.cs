namespace Granary.Benchmarks.Load;

/// <summary>What one round measured. Every operation counted was answered correctly.</summary>
/// <remarks>
/// <c>ServerCpu</c> is that of the whole server process, <see langword="null"/> where it is unknown;
/// <c>LoadCpu</c> that of this one.
/// </remarks>
internal sealed record LoadResult(
    long Operations, TimeSpan Elapsed, double P50Microseconds, double P99Microseconds,
    TimeSpan? ServerCpu, TimeSpan LoadCpu)
{
    public double OperationsPerSecond => Operations / Elapsed.TotalSeconds;

    public double ServerCpuMicroseconds => ServerCpu is { } cpu ? cpu.TotalMicroseconds / Operations : double.NaN;

    public double LoadCpuMicroseconds => LoadCpu.TotalMicroseconds / Operations;

    public double ServerCores => ServerCpu is { } cpu ? cpu / Elapsed : double.NaN;

    public double LoadCores => LoadCpu / Elapsed;
}
