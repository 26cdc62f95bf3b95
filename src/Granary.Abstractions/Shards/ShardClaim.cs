namespace Granary.Shards;

/// <summary>A silo wants to serve a shard at a term.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Term">Above every term that the silo has heard of.</param>
[GenerateSerializer, Immutable, Alias("granary.ShardClaim")]
public readonly record struct ShardClaim([property: Id(0)] int Shard, [property: Id(1)] long Term);
