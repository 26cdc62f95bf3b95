namespace Granary.Shards;

/// <summary>Answers a <see cref="CopyBatch"/>.</summary>
/// <param name="Replies">In the order of the steps.</param>
/// <param name="FrameFormat">The newest format of frames that the answering silo reads; 0 of builds that do not tell.</param>
[GenerateSerializer, Immutable, Alias("granary.CopyBatchReply")]
public sealed record CopyBatchReply(
    [property: Id(0)] CopyStepReply[] Replies,
    [property: Id(1)] byte FrameFormat = 0);
