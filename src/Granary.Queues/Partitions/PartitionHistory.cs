using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>
/// What the records of a partition add up to. A command changes it by appending a record and applying it; a recovery
/// applies the same records again. Leases are not in it: after a recovery a leased message is ready.
/// </summary>
internal sealed class PartitionHistory(CurrentOptions options, PartitionRole role)
{
    public MessageTable Messages { get; } = new();

    public DeduplicationWindow Deduplication { get; } = new(options);

    public PartitionRole Role => role;

    /// <summary>Of a topic: what it keeps; its messages are in no table.</summary>
    public TopicLog? Topic { get; } = role == PartitionRole.Topic ? new TopicLog() : null;

    /// <summary>Of a subscription: where it goes on in its topic; <see langword="null"/>: it has not begun.</summary>
    public TopicPlace? Place { get; set; }

    /// <summary>Of a subscription: receipts of this epoch and of earlier ones mean nothing.</summary>
    public long SoughtEpoch { get; set; }

    /// <summary>Messages that count for the partition's greatest length: all but the dead.</summary>
    public long Length => Topic?.Unfinished(NextOffset) ?? Messages.Length;

    /// <summary>The offset of the next message, or of the next row if that has none.</summary>
    public long NextOffset { get; set; }

    /// <summary>Offsets whose rows are to be kept, as sorted runs.</summary>
    public IEnumerable<(long First, long End)> LiveRuns(long utc) => role switch
    {
        PartitionRole.Queue => Messages.LiveRuns(),
        PartitionRole.Topic => Topic!.LiveRuns(utc, NextOffset),
        _ => [], // contents are the topic's
    };

    public void Apply(StoredMessage sent)
    {
        NextOffset = sent.Offset + 1;
        if (sent.MessageId is not null)
        {
            Deduplication.Add(sent.MessageId, sent.Offset, sent.EnqueuedAt);
        }

        if (Topic is not null)
        {
            Topic.Add(sent);
        }
        else if (sent.Group is null && sent.DueAt == 0)
        {
            Messages.Add(new ReadyRange(sent.Offset, 1, sent.EnqueuedAt, sent.ExpiresAt));
        }
        else
        {
            AddEntry(sent);
        }
    }

    /// <exception cref="InvalidDataException">The record is of another role's partition.</exception>
    public void Apply(FeedRecord record)
    {
        switch (record.Kind)
        {
            case RecordKind.Taken when role == PartitionRole.Subscription:
                foreach (ReadyRange range in record.Ranges)
                {
                    Messages.Add(range);
                }

                foreach (StoredMessage message in record.Messages)
                {
                    AddEntry(message);
                }

                Place = new TopicPlace(record.Offset, record.NotBefore);
                break;
            case RecordKind.Sought when role == PartitionRole.Subscription:
                Messages.Clear();
                Place = new TopicPlace(record.Offset, record.NotBefore);
                SoughtEpoch = record.Epoch;
                break;
            case RecordKind.Needed when Topic is not null:
                Topic.Register(record);
                break;
            case RecordKind.Trimmed when Topic is not null:
                break;
            default:
                throw new InvalidDataException($"A record says {record.Kind} in the partition of a {role}.");
        }
    }

    /// <exception cref="InvalidDataException">The record is about a message that is not there.</exception>
    public void Apply(QueueRecord record)
    {
        if (RecordFormat.IsRemoval(record.Kind))
        {
            if (!Messages.Remove(record.Offset))
            {
                throw Missing(record);
            }

            return;
        }

        MessageEntry entry = Messages.Find(record.Offset, make: true) ?? throw Missing(record);
        if (record.Kind == RecordKind.Recalled)
        {
            Messages.Move(entry, MessageState.Ready);
            return;
        }

        if (record.Kind == RecordKind.Redriven)
        {
            entry.Lapsed = default;
            entry.Deliveries = 0;
            entry.ExpiresAt = long.MaxValue; // somebody wants it, however old it is
            entry.Reason = null;
            entry.Details = null;
            Messages.Move(entry, MessageState.Ready);
            return;
        }

        entry.Acquired = record.Acquired;
        entry.Deliveries = record.Deliveries;
        entry.Lapsed = default;
        Move(entry, record);
    }

    private void AddEntry(StoredMessage message) => Messages.Add(new MessageEntry(message.Offset)
    {
        EnqueuedAt = message.EnqueuedAt,
        ExpiresAt = message.ExpiresAt,
        DueAt = message.DueAt,
        Group = message.Group,
    });

    private void Move(MessageEntry entry, QueueRecord record)
    {
        switch (record.Kind)
        {
            case RecordKind.Abandoned or RecordKind.Lapsed:
                entry.AddFailure(new Failure(record.At, record.Reason ?? ""));
                Delay(entry, record.DueAt);
                break;
            case RecordKind.Released:
                Messages.Move(entry, MessageState.Ready);
                break;
            case RecordKind.Deferred:
                Messages.Move(entry, MessageState.Deferred);
                break;
            default:
                if (record.Deliveries > 0 && record.Reason == DeadLetterReasons.MaxDeliveryCountExceeded)
                {
                    entry.AddFailure(new Failure(record.At, record.Details ?? ""));
                }

                entry.Reason = record.Reason;
                entry.Details = record.Details;
                Messages.Move(entry, MessageState.Dead);
                break;
        }
    }

    // The due time is set between leaving and entering, because a heap must not see a deadline change.
    private void Delay(MessageEntry entry, long dueAt)
    {
        Messages.Move(entry, MessageState.Ready);
        if (dueAt > 0)
        {
            entry.DueAt = dueAt;
            Messages.Move(entry, MessageState.Delayed);
        }
    }

    private static InvalidDataException Missing(QueueRecord record) =>
        new($"A record says {record.Kind} of message {record.Offset}, which is not there.");
}
