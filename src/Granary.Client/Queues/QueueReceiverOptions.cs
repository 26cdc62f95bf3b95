using Granary.Queues;

namespace Granary.Client;

/// <summary>How a receiver receives.</summary>
public sealed class QueueReceiverOptions
{
    /// <summary>How long each message is leased, up to 12 hours. Default: as the queue says.</summary>
    public TimeSpan? LeaseDuration { get; set; }

    /// <summary>Messages that <see cref="IQueueReceiver.ReceiveAllAsync"/> fetches at a time, 1 to 4096. Default 16.</summary>
    public int PrefetchCount { get; set; } = 16;

    /// <summary>Throws if a value makes no sense.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and the rule.</exception>
    public void Validate()
    {
        OptionCheck.Holds(
            PrefetchCount is >= 1 and <= QueueLimits.MaxCallMessages,
            "QueueReceiverOptions.PrefetchCount",
            PrefetchCount,
            $"1 to {QueueLimits.MaxCallMessages}");
        OptionCheck.Holds(
            LeaseDuration is null || (LeaseDuration > TimeSpan.Zero && LeaseDuration <= QueueLimits.MaxLease),
            "QueueReceiverOptions.LeaseDuration",
            LeaseDuration,
            $"more than 0, and at most {QueueLimits.MaxLease}");
    }
}
