namespace Granary.Wire;

/// <summary>Answers a <see cref="ShardInquiry"/>.</summary>
/// <param name="Terms">The highest term of each shard that this silo has served, 0 for never; in the inquiry's order.</param>
[GenerateSerializer, Immutable, Alias("granary.ShardInquiryReply")]
public sealed record ShardInquiryReply([property: Id(0)] long[] Terms);
