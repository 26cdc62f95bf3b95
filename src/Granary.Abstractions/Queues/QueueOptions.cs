namespace Granary.Queues;

/// <summary>How a queue treats its messages. Each partition keeps to it on its own.</summary>
[GenerateSerializer, Alias("granary.QueueOptions")]
public sealed record QueueOptions
{
    /// <summary>How long a receiver has a message. Default 30 s, as SQS, Kafka's share groups and NATS.</summary>
    [Id(0)]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A message that has failed so often is dead-lettered. Default 10, Azure Service Bus's.</summary>
    [Id(1)]
    public int MaxDeliveryCount { get; set; } = 10;

    /// <summary>Longest delay after the first failure; it doubles with each. Zero: try again at once. Default 1 s.</summary>
    [Id(2)]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the doubling ends. Default 5 min.</summary>
    [Id(3)]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Of messages that have none of their own. <see langword="null"/>, the default: they live on.</summary>
    [Id(4)]
    public TimeSpan? TimeToLive { get; set; }

    /// <summary>Whether a message whose time ends is dead-lettered instead of dropped. Default no.</summary>
    [Id(5)]
    public bool DeadLetterExpired { get; set; }

    /// <summary>How long a MessageId is remembered. Default 5 min; at most 7 days.</summary>
    [Id(6)]
    public TimeSpan DeduplicationWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>MessageIds that a partition remembers; beyond, the oldest is forgotten early. Default 262,144 (about 20 MiB).</summary>
    [Id(7)]
    public int DeduplicationMaxEntries { get; set; } = 1 << 18;

    /// <summary>Messages of a partition, dead ones not counted. Default 16,777,216.</summary>
    [Id(8)]
    public long MaxLength { get; set; } = 1L << 24;

    /// <summary>What a send meets at <see cref="MaxLength"/>. Default: it is refused.</summary>
    [Id(9)]
    public OverflowPolicy Overflow { get; set; } = OverflowPolicy.RejectNew;

    /// <summary>
    /// Body and headers of one message. Bytes, at most <see cref="QueueLimits.MaxMessageBytes"/>. Default 256 KiB, Azure
    /// Service Bus's.
    /// </summary>
    [Id(10)]
    public int MaxMessageBytes { get; set; } = 256 << 10;

    /// <summary>What a confirmation promises. Default <see cref="Durability.Strict"/>.</summary>
    [Id(11)]
    public Durability Durability { get; set; } = Durability.Strict;

    /// <summary>Throws if a value makes no sense.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and the rule.</exception>
    public void Validate()
    {
        OptionRule.Check(
            LeaseDuration > TimeSpan.Zero && LeaseDuration <= QueueLimits.MaxLease,
            $"QueueOptions.{nameof(LeaseDuration)}",
            LeaseDuration,
            $"more than 0, and at most {QueueLimits.MaxLease}");
        OptionRule.Check(MaxDeliveryCount >= 1, $"QueueOptions.{nameof(MaxDeliveryCount)}", MaxDeliveryCount, "at least 1");
        OptionRule.Check(RetryDelay >= TimeSpan.Zero, $"QueueOptions.{nameof(RetryDelay)}", RetryDelay, "at least 0");
        OptionRule.Check(MaxRetryDelay >= RetryDelay, $"QueueOptions.{nameof(MaxRetryDelay)}", MaxRetryDelay, "at least RetryDelay");
        OptionRule.Check(TimeToLive is null || TimeToLive > TimeSpan.Zero, $"QueueOptions.{nameof(TimeToLive)}", TimeToLive, "more than 0");
        OptionRule.Check(
            DeduplicationWindow >= TimeSpan.Zero && DeduplicationWindow <= TimeSpan.FromDays(7),
            $"QueueOptions.{nameof(DeduplicationWindow)}",
            DeduplicationWindow,
            "0 to 7 days");
        OptionRule.Check(DeduplicationMaxEntries >= 1, $"QueueOptions.{nameof(DeduplicationMaxEntries)}", DeduplicationMaxEntries, "at least 1");
        OptionRule.Check(MaxLength >= 1, $"QueueOptions.{nameof(MaxLength)}", MaxLength, "at least 1");
        OptionRule.Check(
            MaxMessageBytes is >= 1 and <= QueueLimits.MaxMessageBytes,
            $"QueueOptions.{nameof(MaxMessageBytes)}",
            MaxMessageBytes,
            $"1 to {QueueLimits.MaxMessageBytes}");
    }
}
