namespace Granary.Shards;

/// <summary>
/// What a silo asks all others before it serves shards that were just activated on it: what do you hold of them, and will
/// you follow nobody of a lower term?
/// </summary>
/// <param name="Asker">The silo that asks.</param>
/// <param name="ViewVersion">Its view: who answers has one that is not older.</param>
/// <param name="Claims">The shards, and the terms it wants to serve them at.</param>
[GenerateSerializer, Immutable, Alias("granary.ShardInquiry")]
public sealed record ShardInquiry(
    [property: Id(0)] SiloAddress Asker, [property: Id(1)] long ViewVersion, [property: Id(2)] ShardClaim[] Claims);
