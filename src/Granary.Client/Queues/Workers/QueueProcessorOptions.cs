using Granary.Queues;

namespace Granary.Client;

/// <summary>How a processor or a worker works.</summary>
public sealed class QueueProcessorOptions
{
    /// <summary>Messages that are worked on at once, 1 to 4096. Default 1, Azure Service Bus's.</summary>
    public int MaxConcurrentCalls { get; set; } = 1;

    /// <summary>
    /// Messages that are fetched ahead, leased meanwhile, 0 to 4096. Default 0: long work starves nobody. Short work is
    /// faster with some.
    /// </summary>
    public int PrefetchCount { get; set; }

    /// <summary>How long each message is leased at a time, up to 12 hours. Default: as the queue says.</summary>
    public TimeSpan? LeaseDuration { get; set; }

    /// <summary>
    /// How long the lease of a message is renewed while its handler runs; zero: never. Default 5 min, Azure Service Bus's.
    /// </summary>
    public TimeSpan MaxAutoLockRenewalDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// What running handlers get to end when the processor stops, before their token is cancelled. Default 20 s, within
    /// the 30 s that a host has to stop.
    /// </summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Throws if a value makes no sense.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and the rule.</exception>
    public void Validate()
    {
        OptionCheck.Holds(
            MaxConcurrentCalls is >= 1 and <= QueueLimits.MaxCallMessages,
            "QueueProcessorOptions.MaxConcurrentCalls",
            MaxConcurrentCalls,
            $"1 to {QueueLimits.MaxCallMessages}");
        OptionCheck.Holds(
            PrefetchCount is >= 0 and <= QueueLimits.MaxCallMessages,
            "QueueProcessorOptions.PrefetchCount",
            PrefetchCount,
            $"0 to {QueueLimits.MaxCallMessages}");
        OptionCheck.Holds(
            LeaseDuration is null || (LeaseDuration > TimeSpan.Zero && LeaseDuration <= QueueLimits.MaxLease),
            "QueueProcessorOptions.LeaseDuration",
            LeaseDuration,
            $"more than 0, and at most {QueueLimits.MaxLease}");
        OptionCheck.Holds(
            MaxAutoLockRenewalDuration >= TimeSpan.Zero,
            "QueueProcessorOptions.MaxAutoLockRenewalDuration",
            MaxAutoLockRenewalDuration,
            "at least 0");
        OptionCheck.Holds(
            DrainTime >= TimeSpan.Zero, "QueueProcessorOptions.DrainTime", DrainTime, "at least 0");
    }
}
