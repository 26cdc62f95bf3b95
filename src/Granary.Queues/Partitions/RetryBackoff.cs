
namespace Granary.Queues.Partitions;

/// <summary>
/// When a failed message is tried again: a random time up to a bound that doubles with each failure ("full jitter",
/// AWS Architecture Blog, "Exponential Backoff And Jitter"), so that what failed together does not come back together.
/// </summary>
internal sealed class RetryBackoff(CurrentOptions options, Random random)
{
    /// <param name="failures">At least 1.</param>
    /// <returns>Milliseconds; 0: at once.</returns>
    public long NextDelay(int failures)
    {
        double bound = Math.Min(
            options.Value.MaxRetryDelay.TotalMilliseconds,
            options.Value.RetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 60)));
        return (long)Math.Ceiling(bound * random.NextDouble());
    }
}
