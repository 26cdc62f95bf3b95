namespace Granary.Queues;

/// <summary>Offsets from <paramref name="First"/> to before <paramref name="End"/>.</summary>
/// <param name="First">The first.</param>
/// <param name="End">The one after the last.</param>
[GenerateSerializer, Immutable, Alias("granary.OffsetRange")]
public readonly record struct OffsetRange([property: Id(0)] long First, [property: Id(1)] long End);
