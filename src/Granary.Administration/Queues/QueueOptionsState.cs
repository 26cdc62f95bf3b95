using Granary.Queues;

namespace Granary.Administration.Queues;

/// <summary>How a queue treats its messages.</summary>
public sealed record QueueOptionsState(
    double LeaseSeconds,
    int MaxDeliveryCount,
    double RetryDelaySeconds,
    double MaxRetryDelaySeconds,
    double? TimeToLiveSeconds,
    double DeduplicationSeconds,
    long MaxLength,
    OverflowPolicy Overflow,
    int MaxMessageBytes)
{
    /// <summary>As people read it.</summary>
    public static QueueOptionsState Of(QueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new QueueOptionsState(
            options.LeaseDuration.TotalSeconds,
            options.MaxDeliveryCount,
            options.RetryDelay.TotalSeconds,
            options.MaxRetryDelay.TotalSeconds,
            options.TimeToLive?.TotalSeconds,
            options.DeduplicationWindow.TotalSeconds,
            options.MaxLength,
            options.Overflow,
            options.MaxMessageBytes);
    }
}
