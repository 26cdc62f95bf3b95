namespace Granary.Memcached.Sessions;

/// <summary>One piece of the answers that wait for other silos.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Length">
/// Literal, End and Confirmed: its bytes. Remote get: its key's. Command: its own. Others: their line's, if somebody looks. They
/// follow each other in the side buffer.
/// </param>
/// <param name="NoReply">Whether the client reads no answer.</param>
internal readonly record struct PlanItem(PlanItemKind Kind, int Length, bool NoReply);
