namespace Granary.Shards;

/// <summary>Answers one step.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Promised">The highest term that the shard is promised to.</param>
[GenerateSerializer, Immutable, Alias("granary.CopyStepReply")]
public readonly record struct CopyStepReply([property: Id(0)] CopyStepOutcome Outcome, [property: Id(1)] long Promised);
