namespace Granary.Queues.Messages;

/// <summary>What a receive gives out, without the content.</summary>
/// <param name="Receipt">Settles it.</param>
/// <param name="DeliveryCount">Failures so far: abandoned, or its lease expired.</param>
/// <param name="EnqueuedAt">Unix milliseconds. Up to one second early for a message that nobody has had yet.</param>
public readonly record struct LeasedMessage(Receipt Receipt, int DeliveryCount, long EnqueuedAt)
{
    /// <summary>How often it was given out, this time included.</summary>
    public int AcquiredCount => Receipt.Attempt;
}
