namespace Granary.Shards;

/// <summary>Steps of several copies from one owner, in one message of at most 1 MiB.</summary>
/// <param name="Owner">The silo that serves the shards.</param>
/// <param name="Steps">In order.</param>
[GenerateSerializer, Immutable, Alias("granary.CopyBatch")]
public sealed record CopyBatch([property: Id(0)] SiloAddress Owner, [property: Id(1)] CopyStep[] Steps);
