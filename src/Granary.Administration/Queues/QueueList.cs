namespace Granary.Administration.Queues;

/// <summary>All queues, topics and subscriptions.</summary>
/// <param name="Time">When. UTC milliseconds.</param>
/// <param name="Available">Whether they could be read.</param>
/// <param name="Reason">Why not.</param>
/// <param name="Queues">By name.</param>
public sealed record QueueList(long Time, bool Available, string? Reason, IReadOnlyList<QueueState> Queues);
