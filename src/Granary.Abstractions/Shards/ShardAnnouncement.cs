namespace Granary.Shards;

/// <summary>A silo is about to serve shards: whoever holds older copies of them drops them.</summary>
/// <param name="Owner">The silo.</param>
/// <param name="Claims">The shards and their new terms.</param>
[GenerateSerializer, Immutable, Alias("granary.ShardAnnouncement")]
public sealed record ShardAnnouncement([property: Id(0)] SiloAddress Owner, [property: Id(1)] ShardClaim[] Claims);
