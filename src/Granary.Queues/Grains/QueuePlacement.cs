namespace Granary.Queues.Grains;

/// <summary>Grains that need the queues' log are placed on the silo that keeps it.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("granary.QueuePlacement")]
internal sealed class QueuePlacement : PlacementStrategy
{
    public static QueuePlacement Singleton { get; } = new();
}
