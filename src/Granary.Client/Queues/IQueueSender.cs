using Granary.Queues;

namespace Granary.Client;

/// <summary>Sends to one queue. One instance serves the whole process; thread-safe.</summary>
/// <remarks>
/// <para>A send ends when the message is as durable as the queue says: on the disk, by default. Sends that wait while
/// others are under way leave together.</para>
/// <para>What could not be done is tried again until <see cref="GranaryClientOptions.OperationTimeout"/>; after a lost
/// answer only messages with a MessageId are, because those are not stored twice.</para>
/// </remarks>
public interface IQueueSender
{
    /// <summary>The queue's name.</summary>
    string Queue { get; }

    /// <summary>Sends a message.</summary>
    /// <exception cref="ArgumentException">The message makes no sense; the text names the value and the rule.</exception>
    /// <exception cref="GranaryValueTooLargeException">Body and headers are longer than the queue takes.</exception>
    /// <exception cref="GranaryQueueFullException">The queue or its disk is full.</exception>
    /// <exception cref="GranaryUnavailableException">Not stored within the time.</exception>
    /// <exception cref="GranaryOutcomeUnknownException">It may be stored.</exception>
    /// <exception cref="GranaryQueueDamagedException">Its partition is damaged.</exception>
    Task<SendReceipt> SendAsync(QueueMessage message, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends messages together. Those that have neither a group nor a MessageId are stored all or none, and one after
    /// another; of the others this holds for those of one group.
    /// </summary>
    /// <returns>One receipt for each, in order.</returns>
    /// <exception cref="GranaryException">As <see cref="SendAsync"/>; the text says how many of the messages are stored.</exception>
    Task<IReadOnlyList<SendReceipt>> SendBatchAsync(
        IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken = default);

    /// <summary>Sends a message that is not delivered before a time.</summary>
    /// <returns>Its position, which <see cref="CancelScheduledAsync"/> takes.</returns>
    /// <exception cref="GranaryException">As <see cref="SendAsync"/>.</exception>
    Task<MessagePosition> ScheduleAsync(
        QueueMessage message, DateTimeOffset time, CancellationToken cancellationToken = default);

    /// <summary>Removes a scheduled message.</summary>
    /// <returns>False if it is none any more: it is due, or was removed.</returns>
    /// <exception cref="GranaryUnavailableException">Not done within the time.</exception>
    Task<bool> CancelScheduledAsync(MessagePosition position, CancellationToken cancellationToken = default);
}
