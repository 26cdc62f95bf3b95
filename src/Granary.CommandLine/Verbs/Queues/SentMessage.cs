namespace Granary.CommandLine.Verbs.Queues;

/// <summary>A message that was sent, as JSON.</summary>
/// <param name="Queue">Where to.</param>
/// <param name="Position">Where it is.</param>
/// <param name="IsDuplicate">Whether one with its id was there before.</param>
internal sealed record SentMessage(string Queue, string Position, bool IsDuplicate);
