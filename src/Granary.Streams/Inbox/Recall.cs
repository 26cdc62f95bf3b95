namespace Granary.Streams.Inbox;

/// <summary>Messages that are to be taken out of the park.</summary>
/// <param name="Lane">Of which stream.</param>
/// <param name="Offsets">Which; the oldest first.</param>
/// <param name="IsExpired">They have waited too long, and are to be dead letters.</param>
internal sealed record Recall(StreamLane Lane, long[] Offsets, bool IsExpired);
