using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>What is written when a message comes back, or its time ends.</summary>
internal sealed class LeaseEnds(CurrentOptions options, RetryBackoff backoff)
{
    /// <summary>Without a failure.</summary>
    public static QueueRecord Ended(MessageEntry entry, RecordKind kind, PartitionTime now) =>
        new(kind, entry.Offset) { At = now.Utc, Acquired = entry.Acquired + 1, Deliveries = entry.Deliveries };

    /// <summary>With a failure: to be tried again, or dead.</summary>
    public QueueRecord Failed(MessageEntry entry, RecordKind kind, string? reason, TimeSpan? delay, PartitionTime now)
    {
        QueueRecord ended = Ended(entry, kind, now) with { Deliveries = entry.Deliveries + 1 };
        if (ended.Deliveries >= options.Value.MaxDeliveryCount)
        {
            return ended with
            {
                Kind = RecordKind.DeadLettered,
                Reason = DeadLetterReasons.MaxDeliveryCountExceeded,
                Details = reason,
            };
        }

        long wait = delay is { } asked ? (long)Math.Ceiling(asked.TotalMilliseconds) : backoff.NextDelay(ended.Deliveries);
        return ended with { DueAt = wait > 0 ? now.Utc + wait : 0, Reason = reason };
    }

    /// <summary>Dropped, or a dead letter.</summary>
    public QueueRecord Expired(MessageEntry entry, PartitionTime now) =>
        options.Value.DeadLetterExpired
            ? new QueueRecord(RecordKind.DeadLettered, entry.Offset)
            {
                At = now.Utc,
                Acquired = entry.Acquired,
                Deliveries = entry.Deliveries,
                Reason = DeadLetterReasons.TimeToLiveExpired,
            }
            : new QueueRecord(RecordKind.Expired, entry.Offset) { At = now.Utc };
}
