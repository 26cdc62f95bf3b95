namespace Granary.Shards;

/// <summary>Answers a <see cref="ShardInquiry"/>.</summary>
/// <param name="ViewVersion">The answering silo's view: an asker with an older one asks again when it has caught up.</param>
/// <param name="LeaseOfTheLost">How long a silo that is out of this view may still serve, for all that the answering silo
/// has told it.</param>
/// <param name="Answers">In the order of the claims.</param>
[GenerateSerializer, Immutable, Alias("granary.ShardInquiryReply")]
public sealed record ShardInquiryReply(
    [property: Id(0)] long ViewVersion,
    [property: Id(1)] TimeSpan LeaseOfTheLost,
    [property: Id(2)] ShardAnswer[] Answers);
