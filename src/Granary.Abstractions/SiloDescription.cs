namespace Granary;

/// <summary>A silo, and what is to be the same on all silos of a cluster.</summary>
/// <param name="Silo">How clients reach it.</param>
/// <param name="ShardCount">Into how many shards it divides the key space.</param>
/// <param name="MaxValueBytes">The longest value it takes, in bytes. Where silos differ, longer ones are lost when they move.</param>
[GenerateSerializer, Immutable, Alias("granary.SiloDescription")]
public sealed record SiloDescription(
    [property: Id(0)] ServedSilo Silo,
    [property: Id(1)] int ShardCount,
    [property: Id(2)] int MaxValueBytes);
