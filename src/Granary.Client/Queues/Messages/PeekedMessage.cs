using Granary.Client.Values;
using Granary.Queues;

namespace Granary.Client;

/// <summary>A message that was looked at.</summary>
public sealed class PeekedMessage
{
    private readonly MessageDescription _description;

    internal PeekedMessage(PeekedContent peeked, ValueCodec codec)
    {
        _description = peeked.Description;
        Position = new MessagePosition(peeked.Partition, _description.Offset);
        Content = new MessageContent(peeked.Content, codec);
    }

    /// <summary>Where it is.</summary>
    public MessagePosition Position { get; }

    /// <summary>As it was sent.</summary>
    public MessageContent Content { get; }

    /// <summary>Where it is in its life.</summary>
    public MessageState State => _description.State;

    /// <summary>How often it has failed since it was sent or redriven.</summary>
    public int DeliveryCount => _description.DeliveryCount;

    /// <summary>How many leases of it have ended.</summary>
    public int AcquiredCount => _description.AcquiredCount;

    /// <summary>Of a delayed message: when it is to be delivered.</summary>
    public DateTimeOffset? DueTime =>
        _description.DueAt == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(_description.DueAt);

    /// <summary>Of a dead letter: why. <see cref="DeadLetterReasons"/> has the queue's own reasons.</summary>
    public string? DeadLetterReason => _description.Reason;

    /// <summary>Of a dead letter: what was added to the reason.</summary>
    public string? DeadLetterDetails => _description.Details;

    /// <summary>The last failures, oldest first; at most ten.</summary>
    public IReadOnlyList<Failure> Failures => _description.Failures;
}
