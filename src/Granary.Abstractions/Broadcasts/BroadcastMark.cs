namespace Granary.Broadcasts;

/// <summary>Up to where somebody has heard a broadcast.</summary>
/// <param name="Log">Which of all that were there under the key: one that is new knows nothing of the last one's messages.</param>
/// <param name="Count">How many of its messages.</param>
[GenerateSerializer, Immutable, Alias("granary.BroadcastMark")]
public readonly record struct BroadcastMark([property: Id(0)] Guid Log, [property: Id(1)] long Count);
