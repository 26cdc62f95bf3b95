namespace Granary.Queues.Logs;

/// <summary>Names a partition.</summary>
/// <param name="Queue">Its queue, or topic and subscription (<see cref="SubscriptionName"/>).</param>
/// <param name="Index">0-based.</param>
public readonly record struct PartitionId(string Queue, int Index)
{
    /// <summary>Whether it is a queue's, or one of a subscription of that topic.</summary>
    public bool BelongsTo(string queue) => Queue == queue || SubscriptionName.Read(Queue).Queue == queue;

    /// <summary>Queue, slash, index.</summary>
    public override string ToString() => $"{Queue}/{Index}";
}
