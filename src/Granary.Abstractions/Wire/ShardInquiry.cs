namespace Granary.Wire;

/// <summary>What a silo asks all others before it serves shards that were just activated on it.</summary>
/// <param name="Shards">The shards.</param>
[GenerateSerializer, Immutable, Alias("granary.ShardInquiry")]
public sealed record ShardInquiry([property: Id(0)] int[] Shards);
