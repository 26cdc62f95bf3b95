namespace Granary.Queues;

/// <summary>A message on its way into a partition.</summary>
[GenerateSerializer, Immutable, Alias("granary.OutgoingMessage")]
public sealed record OutgoingMessage
{
    /// <summary>What is carried. The log checks its length, not its meaning.</summary>
    [Id(0)]
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Headers as the client packed them; opaque here.</summary>
    [Id(1)]
    public ReadOnlyMemory<byte> Headers { get; init; }

    /// <summary>A second message of this name within the window is not stored. <see langword="null"/>: no check.</summary>
    [Id(2)]
    public string? MessageId { get; init; }

    /// <summary>Messages of one group are worked on one after another. <see langword="null"/>: no order.</summary>
    [Id(3)]
    public string? Group { get; init; }

    /// <summary>Not delivered before. <see langword="null"/>: at once.</summary>
    [Id(4)]
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>From sending (or from the due time) on. <see langword="null"/>: the queue's own.</summary>
    [Id(5)]
    public TimeSpan? TimeToLive { get; init; }
}
