namespace Granary.Shards;

/// <summary>Answers a <see cref="CopyBatch"/>.</summary>
/// <param name="Replies">In the order of the steps.</param>
[GenerateSerializer, Immutable, Alias("granary.CopyBatchReply")]
public sealed record CopyBatchReply([property: Id(0)] CopyStepReply[] Replies);
