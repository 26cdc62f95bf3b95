using Granary.Queues.Partitions;

namespace Granary.Queues.Records;

/// <summary>What a subscription and its topic remember of each other. A field that the kind does not use is not written.</summary>
/// <param name="Kind">Taken, Sought, Needed or Trimmed.</param>
/// <param name="Offset">In the topic: where the subscription goes on, or from where on it needs what comes.</param>
internal sealed record FeedRecord(RecordKind Kind, long Offset)
{
    /// <summary>Taken and Sought. Unix milliseconds: older messages are not for the subscription.</summary>
    public long NotBefore { get; init; }

    /// <summary>Sought: of the last owner whose receipts mean nothing. Needed: of the subscription's owner.</summary>
    public long Epoch { get; init; }

    /// <summary>Its creation.</summary>
    public Guid Subscription { get; init; }

    /// <summary>Messages that were taken.</summary>
    public IReadOnlyList<ReadyRange> Ranges { get; init; } = [];

    /// <summary>Those with a group or a due time. Their contents stay in the topic.</summary>
    public IReadOnlyList<StoredMessage> Messages { get; init; } = [];
}
