namespace Granary.Queues.Partitions;

/// <summary>Which dead letters a redrive or a purge is about. What is not given does not exclude.</summary>
/// <param name="Reason">Exactly this reason.</param>
/// <param name="FromOffset">This one and later ones.</param>
/// <param name="ToOffset">Earlier ones only.</param>
public sealed record DeadFilter(string? Reason = null, long FromOffset = 0, long ToOffset = long.MaxValue)
{
    internal bool Includes(MessageEntry entry) =>
        entry.Offset >= FromOffset && entry.Offset < ToOffset && (Reason is null || entry.Reason == Reason);
}
