using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>
/// What the records of a partition add up to. A command changes it by appending a record and applying it; a recovery
/// applies the same records again. Leases are not in it: after a recovery a leased message is ready.
/// </summary>
internal sealed class PartitionHistory(CurrentOptions options)
{
    public MessageTable Messages { get; } = new();

    public DeduplicationWindow Deduplication { get; } = new(options);

    /// <summary>The offset of the next message, or of the next row if that has none.</summary>
    public long NextOffset { get; set; }

    public void Apply(StoredMessage sent)
    {
        NextOffset = sent.Offset + 1;
        if (sent.MessageId is not null)
        {
            Deduplication.Add(sent.MessageId, sent.Offset, sent.EnqueuedAt);
        }

        if (sent.Group is null && sent.DueAt == 0)
        {
            Messages.Add(new ReadyRange(sent.Offset, 1, sent.EnqueuedAt, sent.ExpiresAt));
            return;
        }

        Messages.Add(new MessageEntry(sent.Offset)
        {
            EnqueuedAt = sent.EnqueuedAt,
            ExpiresAt = sent.ExpiresAt,
            DueAt = sent.DueAt,
            Group = sent.Group,
        });
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
