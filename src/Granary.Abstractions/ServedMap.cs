namespace Granary;

/// <summary>The cluster as silos describe it to clients.</summary>
[GenerateSerializer, Immutable, Alias("granary.ServedMap")]
public sealed record ServedMap
{
    /// <summary>Grows with every change of the membership.</summary>
    [Id(0)]
    public required long ViewVersion { get; init; }

    /// <summary>Fixed for the life of the cluster.</summary>
    [Id(1)]
    public required int ShardCount { get; init; }

    /// <summary>The silos' limit for one value. Bytes.</summary>
    [Id(2)]
    public required int MaxValueBytes { get; init; }

    /// <summary>The active silos, those that drain too, in the order of their names.</summary>
    [Id(3)]
    public required ServedSilo[] Silos { get; init; }

    /// <summary>The shards that are elsewhere than <see cref="ClusterMap"/> says: those that are to move. Often none.</summary>
    [Id(4)]
    public DisplacedShard[] Displaced { get; init; } = [];
}
