namespace Granary.Streams.Inbox;

/// <summary>How much an agent holds.</summary>
internal sealed record InboxLimits
{
    /// <summary>Messages under lease. What is more waits in the queue.</summary>
    public int Messages { get; init; } = 1024;

    /// <summary>Their contents. Bytes; one message more may come.</summary>
    public long Bytes { get; init; } = 16 << 20;

    /// <summary>Parked messages that are known by offset: 16 bytes each here, more in the partition.</summary>
    public int Parked { get; init; } = 1 << 18;

    /// <summary>Messages that are taken out of the park at a time.</summary>
    public int Recall { get; init; } = 64;

    /// <summary>How long messages of a stream without subscriptions are kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How often the agent is made to ask who listens to a stream of which messages are parked.</summary>
    public TimeSpan ProbePeriod { get; init; } = TimeSpan.FromMinutes(1);
}
