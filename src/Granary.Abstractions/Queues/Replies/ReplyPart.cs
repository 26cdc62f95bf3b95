namespace Granary.Queues;

/// <summary>Replies of an inbox.</summary>
/// <param name="End">Acknowledges them, and all before.</param>
/// <param name="Replies">Those that were not acknowledged, oldest first; may be none.</param>
[GenerateSerializer, Immutable, Alias("granary.ReplyPart")]
public readonly record struct ReplyPart([property: Id(0)] ReplyMark End, [property: Id(1)] Reply[] Replies);
