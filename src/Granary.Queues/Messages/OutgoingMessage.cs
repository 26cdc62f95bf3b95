namespace Granary.Queues.Messages;

/// <summary>A message on its way into a partition.</summary>
public sealed record OutgoingMessage
{
    /// <summary>What is carried. The log checks its length, not its meaning.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Headers as the client packed them; opaque here.</summary>
    public ReadOnlyMemory<byte> Headers { get; init; }

    /// <summary>A second message of this name within the window is not stored. <see langword="null"/>: no check.</summary>
    public string? MessageId { get; init; }

    /// <summary>Messages of one group are worked on one after another. <see langword="null"/>: no order.</summary>
    public string? Group { get; init; }

    /// <summary>Not delivered before. <see langword="null"/>: at once.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>From sending (or from the due time) on. <see langword="null"/>: the queue's own.</summary>
    public TimeSpan? TimeToLive { get; init; }
}
