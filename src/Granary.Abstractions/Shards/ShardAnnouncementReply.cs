namespace Granary.Shards;

/// <summary>Answers a <see cref="ShardAnnouncement"/>.</summary>
/// <param name="ViewVersion">The answering silo's view.</param>
/// <param name="Promised">The highest term each shard is promised to: the claim's own if it was accepted.</param>
[GenerateSerializer, Immutable, Alias("granary.ShardAnnouncementReply")]
public sealed record ShardAnnouncementReply([property: Id(0)] long ViewVersion, [property: Id(1)] long[] Promised);
