namespace Granary.Reports;

/// <summary>Something that explains a bend in a chart. Each silo tells what it has seen: of several silos the same.</summary>
/// <param name="At">When, by the clock of who tells it.</param>
/// <param name="Kind">What.</param>
/// <param name="Silo">To which silo.</param>
[GenerateSerializer, Immutable, Alias("granary.ClusterEvent")]
public sealed record ClusterEvent(
    [property: Id(0)] DateTimeOffset At, [property: Id(1)] ClusterEventKind Kind, [property: Id(2)] string Silo);
