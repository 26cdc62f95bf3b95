namespace Granary.Queues;

/// <summary>Up to where replies have arrived.</summary>
/// <param name="Inbox">Which of all that were there under the key: one that is new knows nothing of the last one's replies.</param>
/// <param name="Count">How many of its replies.</param>
[GenerateSerializer, Immutable, Alias("granary.ReplyMark")]
public readonly record struct ReplyMark([property: Id(0)] Guid Inbox, [property: Id(1)] long Count);
