namespace Granary.Queues;

/// <summary>
/// A queue, at whichever silo is asked; its key is the queue's name. A queue that is not there is made, with default
/// options, by the first call. Or a subscription of a topic (<see cref="SubscriptionName"/>), which must be there: it is
/// received from, and sends go to the topic.
/// </summary>
/// <remarks>
/// What cannot be done because of the caller's values is an <see cref="ArgumentException"/>. An outage is a
/// <see cref="GranaryUnavailableException"/>, nothing changed; a <see cref="GranaryOutcomeUnknownException"/> may have
/// changed something; a <see cref="GranaryQueueDamagedException"/> wants an operator.
/// </remarks>
[Alias("granary.IQueueGrain")]
public interface IQueueGrain : IGrainWithStringKey
{
    /// <summary>Stores batches of messages; answers when what is stored is as durable as the queue says.</summary>
    /// <param name="batches">
    /// Each is stored whole or not at all as far as its messages belong to one partition: without a group and without a
    /// MessageId they do. Together at most <see cref="QueueLimits.MaxCallMessages"/>, and about
    /// <see cref="QueueLimits.MaxCallBytes"/>.
    /// </param>
    /// <returns>One answer for each message of each batch.</returns>
    [Alias("Send"), ResponseTimeout("00:00:30")]
    ValueTask<SendResult[][]> SendAsync(OutgoingMessage[][] batches);

    /// <summary>
    /// Leases messages; with none ready it waits for the first. Empty when the wait is over. While the queue is paused it is
    /// as if none were ready.
    /// </summary>
    /// <param name="max">At most so many.</param>
    /// <param name="wait">At most <see cref="QueueLimits.MaxWait"/>.</param>
    /// <param name="lease">How long each is leased, at most <see cref="QueueLimits.MaxLease"/>; null: as the queue says.</param>
    /// <param name="cancellationToken">
    /// Ends the wait: the answer is empty, and what would have been in it is released. It may come too late for that; who
    /// cancels has to look at the answer, and to release what is in it.
    /// </param>
    [Alias("Receive"), ResponseTimeout("00:00:30")]
    ValueTask<LeasedContent[]> ReceiveAsync(int max, TimeSpan wait, TimeSpan? lease, CancellationToken cancellationToken);

    /// <summary>Leases deferred messages; those that are not deferred are left out.</summary>
    /// <exception cref="GranaryQueuePausedException">
    /// The queue is paused. An empty answer would say that the messages are somebody else's.
    /// </exception>
    [Alias("ReceiveDeferred"), ResponseTimeout("00:00:10")]
    ValueTask<LeasedContent[]> ReceiveDeferredAsync(MessagePosition[] positions, TimeSpan? lease);

    /// <summary>Ends or renews leases; one answer for each, in order, durable.</summary>
    [Alias("Settle"), ResponseTimeout("00:00:10")]
    ValueTask<SettleOutcome[]> SettleAsync(Settlement[] settlements);

    /// <summary>Removes a scheduled message. False if it is none any more.</summary>
    [Alias("CancelScheduled"), ResponseTimeout("00:00:10")]
    ValueTask<bool> CancelScheduledAsync(MessagePosition position);

    /// <summary>Messages of one state from a position on, in the order of positions, without leasing them.</summary>
    [Alias("Peek"), ResponseTimeout("00:00:10")]
    ValueTask<PeekedContent[]> PeekAsync(MessageState state, MessagePosition from, int max);

    /// <summary>
    /// Messages that have failed and are neither dead nor put aside: ready, delayed or leased. Those sent first first.
    /// </summary>
    /// <param name="max">At most so many; fewer if they are long (<see cref="QueueLimits.MaxCallBytes"/>).</param>
    [Alias("PeekFailing"), ResponseTimeout("00:00:10")]
    ValueTask<PeekedContent[]> PeekFailingAsync(int max);

    /// <summary>Makes dead letters ready again, as if they had never failed; their history stays.</summary>
    /// <returns>How many. Fewer than <paramref name="max"/>: there are no more.</returns>
    [Alias("Redrive"), ResponseTimeout("00:00:10")]
    ValueTask<int> RedriveAsync(DeadFilter filter, int max);

    /// <summary>Removes messages of one state that is not <see cref="MessageState.Leased"/>.</summary>
    /// <returns>How many. Fewer than <paramref name="max"/>: there are no more.</returns>
    [Alias("Purge"), ResponseTimeout("00:00:10")]
    ValueTask<int> PurgeAsync(MessageState state, DeadFilter filter, int max);

    /// <summary>
    /// Of a subscription: goes on elsewhere in the topic. What it has is forgotten, dead letters included; leases end, and
    /// their receipts mean nothing any more.
    /// </summary>
    [Alias("Seek"), ResponseTimeout("00:00:10")]
    ValueTask SeekAsync(SubscriptionStart start);

    /// <summary>All partitions together.</summary>
    [Alias("GetStatistics"), ResponseTimeout("00:00:10")]
    ValueTask<QueueStatistics> GetStatisticsAsync();
}
