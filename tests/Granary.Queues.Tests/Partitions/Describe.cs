using Granary.Queues.Partitions;

namespace Granary.Queues.Tests.Partitions;

/// <summary>All that a partition knows, as text that two partitions can be compared by.</summary>
internal static class Describe
{
    /// <summary>Ready, delayed and leased are one: a lease is not written, and when the due time comes nothing is.</summary>
    public static string Durable(QueuePartition partition)
    {
        IEnumerable<string> lines = Enum.GetValues<MessageState>()
            .SelectMany(state => partition.Peek(state, 0, int.MaxValue))
            .OrderBy(one => one.Offset)
            .Select(one => $"{one.Offset} {State(one)} {one.DeliveryCount} {one.AcquiredCount} {one.Group} "
                + $"{partition.Messages.Find(one.Offset, make: false)?.DueAt ?? 0} "
                + $"{one.Reason} {one.Details} {string.Join(',', one.Failures)}");
        return $"{partition.NextOffset}\n{string.Join('\n', lines)}";
    }

    private static string State(MessageDescription message) =>
        message.State is MessageState.Deferred or MessageState.Dead ? message.State.ToString() : "Alive";
}
