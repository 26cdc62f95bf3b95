using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>What is done to a topic's partition besides sending. Used as the partition is: by one thread.</summary>
internal sealed class TopicCommands(PartitionHistory history, PartitionJournal journal)
{
    /// <summary>Keeps what comes from an offset on for a subscription.</summary>
    public void Register(Guid subscription, long epoch, long offset) => journal.Write(
        new FeedRecord(RecordKind.Needed, offset) { Subscription = subscription, Epoch = epoch });

    /// <summary>Leaves something to commit, for what is trimmed with it.</summary>
    public void Trim() => journal.Write(new FeedRecord(RecordKind.Trimmed, history.NextOffset));
}
