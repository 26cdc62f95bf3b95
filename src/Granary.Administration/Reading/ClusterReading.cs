namespace Granary.Administration.Reading;

/// <summary>A cluster at a moment.</summary>
/// <param name="At">When all had answered.</param>
/// <param name="Map">Who belongs to it, and what they hold by the map.</param>
/// <param name="Silos">The silos, in the order of the map.</param>
public sealed record ClusterReading(DateTimeOffset At, ServedMap Map, IReadOnlyList<SiloReading> Silos);
