namespace Granary.Queues;

/// <summary>How often something happened to messages.</summary>
[GenerateSerializer, Immutable, Alias("granary.QueueCounters")]
public readonly record struct QueueCounters
{
    /// <summary>Stored; duplicates are not.</summary>
    [Id(0)]
    public long Sent { get; init; }

    /// <summary>Sent again under a MessageId that is remembered: not stored.</summary>
    [Id(1)]
    public long Duplicates { get; init; }

    /// <summary>Given to receivers.</summary>
    [Id(2)]
    public long Received { get; init; }

    /// <summary>Given to receivers, not for the first time.</summary>
    [Id(3)]
    public long Redelivered { get; init; }

    /// <summary>Completed.</summary>
    [Id(4)]
    public long Completed { get; init; }

    /// <summary>Given back as failed, and to be tried again.</summary>
    [Id(5)]
    public long Abandoned { get; init; }

    /// <summary>Leases that ended by themselves, and the message is to be tried again.</summary>
    [Id(6)]
    public long Lapsed { get; init; }

    /// <summary>Dead-lettered, for any reason.</summary>
    [Id(7)]
    public long DeadLettered { get; init; }

    /// <summary>Dropped because their time to live ended.</summary>
    [Id(8)]
    public long Expired { get; init; }

    /// <summary>Adds what two have counted.</summary>
    public static QueueCounters operator +(QueueCounters one, QueueCounters other) => one.Plus(other, 1);

    /// <summary>What has happened between two readings.</summary>
    public static QueueCounters operator -(QueueCounters later, QueueCounters earlier) => later.Plus(earlier, -1);

    private QueueCounters Plus(QueueCounters other, int sign) => new()
    {
        Sent = Sent + (sign * other.Sent),
        Duplicates = Duplicates + (sign * other.Duplicates),
        Received = Received + (sign * other.Received),
        Redelivered = Redelivered + (sign * other.Redelivered),
        Completed = Completed + (sign * other.Completed),
        Abandoned = Abandoned + (sign * other.Abandoned),
        Lapsed = Lapsed + (sign * other.Lapsed),
        DeadLettered = DeadLettered + (sign * other.DeadLettered),
        Expired = Expired + (sign * other.Expired),
    };
}
