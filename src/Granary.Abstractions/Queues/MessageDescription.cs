namespace Granary.Queues;

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
[GenerateSerializer, Immutable, Alias("granary.MessageDescription")]
public sealed record MessageDescription(
    [property: Id(0)] long Offset,
    [property: Id(1)] MessageState State,
    [property: Id(2)] int DeliveryCount,
    [property: Id(3)] int AcquiredCount,
    [property: Id(4)] string? Group,
    [property: Id(5)] long DueAt,
    [property: Id(6)] string? Reason,
    [property: Id(7)] string? Details,
    [property: Id(8)] IReadOnlyList<Failure> Failures);
