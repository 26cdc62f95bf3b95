namespace Granary.Queues;

/// <summary>A message that was looked at, not leased.</summary>
/// <param name="Partition">0-based.</param>
/// <param name="Description">Its state and story.</param>
/// <param name="Content">As it was sent.</param>
[GenerateSerializer, Immutable, Alias("granary.PeekedContent")]
public sealed record PeekedContent(
    [property: Id(0)] int Partition,
    [property: Id(1)] MessageDescription Description,
    [property: Id(2)] StoredMessage Content);
