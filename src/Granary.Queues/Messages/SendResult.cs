namespace Granary.Queues.Messages;

/// <summary>The answer to one message of a send.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Offset">Where it is; -1 if it is not stored.</param>
public readonly record struct SendResult(SendOutcome Outcome, long Offset);
