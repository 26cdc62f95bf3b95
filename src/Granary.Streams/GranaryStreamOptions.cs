using Granary.Queues;

namespace Granary.Streams;

/// <summary>
/// A stream provider's queue, and how it is delivered from. The same on all silos and clients that use the provider.
/// </summary>
public sealed class GranaryStreamOptions
{
    /// <summary>
    /// Partitions of the queue: so many silos can deliver at once. Fixed when the provider is used for the first time,
    /// because its name decides where a stream's messages are. Default 8.
    /// </summary>
    public int Partitions { get; set; } = QueueDefinition.DefaultPartitions;

    /// <summary>
    /// The queue's options when the provider makes it; afterwards they are changed as any queue's are, but for the retry
    /// delays, which are always these. Default: the queues' own, but leases of 10 s, messages of up to 960 KiB,
    /// retries at least every 30 s, and MessageIds remembered for 1 minute, longer than the provider goes on sending.
    /// </summary>
    public QueueOptions Queue { get; set; } = new()
    {
        LeaseDuration = TimeSpan.FromSeconds(10), // agents renew; what one had that has died comes again so late
        MaxMessageBytes = QueueLimits.MaxMessageBytes,
        MaxRetryDelay = TimeSpan.FromSeconds(30), // the end of the doubling that Orleans' own agents have
        DeduplicationWindow = QueueLimits.MinDeduplicationWindow,
    };

    /// <summary>
    /// How long messages of a stream that nobody subscribes to are kept for who does; then they are dead letters. A week
    /// by default.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a send is tried, and a subscription's change. Default 10 s: the longest outage of a partition.</summary>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Throws if a value makes no sense.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and the rule.</exception>
    public void Validate()
    {
        QueueLimits.CheckPartitions(Partitions);
        Queue.Validate();
        QueueLimits.CheckDeduplicationWindow(Queue.DeduplicationWindow);
        Check(Retention > TimeSpan.Zero, nameof(Retention), Retention, "more than 0");
        Check(
            OperationTimeout > TimeSpan.Zero && OperationTimeout < Queue.DeduplicationWindow,
            nameof(OperationTimeout),
            OperationTimeout,
            $"more than 0, and less than the queue's DeduplicationWindow of {Queue.DeduplicationWindow}: an event may be sent again");
    }

    private static void Check(bool holds, string option, TimeSpan value, string rule)
    {
        if (!holds)
        {
            throw new ArgumentException($"GranaryStreamOptions.{option} is {value}; it must be {rule}.", option);
        }
    }
}
