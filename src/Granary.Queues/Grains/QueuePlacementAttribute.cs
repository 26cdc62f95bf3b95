using Orleans.Placement;

namespace Granary.Queues.Grains;

/// <summary>Marks a grain that needs the queues' log.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class QueuePlacementAttribute() : PlacementAttribute(QueuePlacement.Singleton);
