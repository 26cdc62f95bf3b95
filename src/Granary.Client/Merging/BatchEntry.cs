namespace Granary.Client.Merging;

/// <summary>Who waits for a run of operations in a batch: consecutive slots of one call.</summary>
internal struct BatchEntry
{
    public required PendingOperation Target { get; init; }

    public required int Slot { get; init; }

    /// <summary>How often these operations were tried before.</summary>
    public required int Attempt { get; init; }

    public int Count { get; set; }
}
