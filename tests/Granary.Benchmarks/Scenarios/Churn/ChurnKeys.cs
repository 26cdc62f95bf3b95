namespace Granary.Benchmarks.Scenarios.Churn;

/// <summary>The keys of one server: numbers that grow. Any thread.</summary>
/// <param name="window">So many of the newest are in use.</param>
internal sealed class ChurnKeys(int window)
{
    private long _newest;

    /// <summary>One that was never used.</summary>
    public long Next() => Interlocked.Increment(ref _newest);

    /// <summary>One of the newest, or one that is about to be.</summary>
    public long Recent(Random random) => Math.Max(Volatile.Read(ref _newest) - random.Next(window), 1);
}
