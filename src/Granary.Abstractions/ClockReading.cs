namespace Granary;

/// <summary>What a silo's clocks say. UTC milliseconds since 1970; both are 0 from a silo that does not tell.</summary>
/// <param name="Machine">The machine's clock.</param>
/// <param name="Store">The clock by which entries expire: the machine's when the silo started, and then its own.</param>
[GenerateSerializer, Immutable, Alias("granary.ClockReading")]
public readonly record struct ClockReading([property: Id(0)] long Machine, [property: Id(1)] long Store);
