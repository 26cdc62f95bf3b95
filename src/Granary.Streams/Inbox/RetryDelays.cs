using Granary.Queues;

namespace Granary.Streams.Inbox;

/// <summary>
/// When a subscription is offered a message again that it has failed with: a random time up to a bound that doubles with
/// each failure, as the queue's own retries are.
/// </summary>
internal sealed class RetryDelays(QueueOptions options, Random random)
{
    /// <param name="failures">At least 1.</param>
    public TimeSpan After(int failures)
    {
        double bound = Math.Min(
            options.MaxRetryDelay.TotalMilliseconds,
            options.RetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 60)));
        return TimeSpan.FromMilliseconds(bound * random.NextDouble());
    }
}
