namespace Granary.Queues;

/// <summary>A leased message with its content.</summary>
/// <param name="Lease">The receipt and the counters.</param>
/// <param name="Content">As it was sent.</param>
[GenerateSerializer, Immutable, Alias("granary.LeasedContent")]
public sealed record LeasedContent([property: Id(0)] LeasedMessage Lease, [property: Id(1)] StoredMessage Content);
