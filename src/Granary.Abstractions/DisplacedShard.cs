namespace Granary;

/// <summary>A shard that is not served by the silo that should.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Silo">Index of the silo that serves it in <see cref="ServedMap.Silos"/>.</param>
[GenerateSerializer, Immutable, Alias("granary.DisplacedShard")]
public readonly record struct DisplacedShard([property: Id(0)] int Shard, [property: Id(1)] int Silo);
