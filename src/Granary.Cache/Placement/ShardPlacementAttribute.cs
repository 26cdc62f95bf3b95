using Orleans.Placement;

namespace Granary.Cache.Placement;

/// <summary>Marks a grain whose integer key is a shard's number.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShardPlacementAttribute() : PlacementAttribute(ShardPlacement.Singleton);
