namespace Granary.Queues.Messages;

/// <summary>What a partition knows of a message without reading its content.</summary>
/// <param name="Offset">In its partition.</param>
/// <param name="State">Where it is.</param>
/// <param name="DeliveryCount">Failures so far.</param>
/// <param name="AcquiredCount">Leases that have ended.</param>
/// <param name="Group">Its ordering group.</param>
/// <param name="DueAt">Unix milliseconds, of a delayed message; else 0.</param>
/// <param name="Reason">Why it is dead.</param>
/// <param name="Details">What the receiver added to the reason.</param>
/// <param name="Failures">The last failures, oldest first.</param>
public sealed record MessageDescription(
    long Offset,
    MessageState State,
    int DeliveryCount,
    int AcquiredCount,
    string? Group,
    long DueAt,
    string? Reason,
    string? Details,
    IReadOnlyList<Failure> Failures);
