namespace Granary.Shards;

/// <summary>One step in the making of a shard's copy on another silo.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Term">The term at which the sender serves it.</param>
/// <param name="Copy">Names the copy; the sender's own number, used once.</param>
/// <param name="Number">1, 2, 3, ... within the copy: a repeated one is answered, not applied again.</param>
/// <param name="Kind">Move or Replica: the last one counts.</param>
/// <param name="Steps">What to do.</param>
/// <param name="Frame">Entries and changes, to be applied in order; may be empty.</param>
[GenerateSerializer, Immutable, Alias("granary.CopyStep")]
public sealed record CopyStep(
    [property: Id(0)] int Shard,
    [property: Id(1)] long Term,
    [property: Id(2)] long Copy,
    [property: Id(3)] int Number,
    [property: Id(4)] CopyKind Kind,
    [property: Id(5)] CopySteps Steps,
    [property: Id(6)] ReadOnlyMemory<byte> Frame);
