namespace Granary.ClusterTests.Checking.Pacing;

/// <summary>
/// When each operation of each worker is due: at an absolute time, whatever became of those before (an open loop). So
/// the latency of an operation that had to wait for its worker counts from when it was due, and a pause of the cluster
/// is seen by all the operations that fell into it. Times are rounded up to <see cref="Step"/>, the pacer's step.
/// </summary>
/// <param name="Start">Time stamp of the beginning.</param>
/// <param name="OperationsPerSecond">Of all workers together.</param>
/// <param name="Workers">Their number; they take turns.</param>
/// <param name="Frequency">Time stamps a second.</param>
internal sealed record Schedule(long Start, double OperationsPerSecond, int Workers, long Frequency)
{
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    /// <param name="worker">0 to <see cref="Workers"/> - 1.</param>
    /// <param name="number">Which of the worker's operations, from 0.</param>
    public long DueOf(int worker, long number)
    {
        double seconds = (((double)number * Workers) + worker) / OperationsPerSecond;
        return Start + (long)(Math.Ceiling(seconds / Step.TotalSeconds) * Step.TotalSeconds * Frequency);
    }
}
