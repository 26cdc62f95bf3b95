namespace Granary.Broadcasts;

/// <summary>What was said since somebody has listened last.</summary>
/// <param name="End">Where to go on.</param>
/// <param name="Messages">Oldest first; may be none.</param>
/// <param name="HasGap">Whether messages before these may have been missed.</param>
[GenerateSerializer, Immutable, Alias("granary.BroadcastPart")]
public readonly record struct BroadcastPart(
    [property: Id(0)] BroadcastMark End, [property: Id(1)] byte[][] Messages, [property: Id(2)] bool HasGap);
