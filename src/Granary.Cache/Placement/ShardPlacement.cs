namespace Granary.Cache.Placement;

/// <summary>Shards are placed where the <see cref="ClusterMap"/> wants them.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("granary.ShardPlacement")]
internal sealed class ShardPlacement : PlacementStrategy
{
    public static ShardPlacement Singleton { get; } = new();
}
