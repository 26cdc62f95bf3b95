namespace Granary.Queues;

/// <summary>What a receive gives out, without the content.</summary>
/// <param name="Receipt">Settles it.</param>
/// <param name="DeliveryCount">Failures so far: abandoned, or its lease expired.</param>
/// <param name="EnqueuedAt">Unix milliseconds. Up to one second early for a message that nobody has had yet.</param>
/// <param name="Duration">How long it is leased, from the answer's making on.</param>
[GenerateSerializer, Immutable, Alias("granary.LeasedMessage")]
public readonly record struct LeasedMessage(
    [property: Id(0)] Receipt Receipt,
    [property: Id(1)] int DeliveryCount,
    [property: Id(2)] long EnqueuedAt,
    [property: Id(3)] TimeSpan Duration)
{
    /// <summary>How often it was given out, this time included.</summary>
    public int AcquiredCount => Receipt.Attempt;
}
