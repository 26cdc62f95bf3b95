namespace Granary.Queues;

/// <summary>
/// Silo to silo: the one writer of a partition. Its key is the partition's index, and the queue's name and creation: of a
/// queue that was deleted no call is answered by another of the same name, which may have other partitions. A topic's
/// partition is sent to, and read by its subscriptions' partitions of the same index.
/// </summary>
[Alias("granary.IQueuePartitionGrain")]
public interface IQueuePartitionGrain : IGrainWithIntegerCompoundKey
{
    /// <summary>Stores batches, each whole or not at all.</summary>
    [Alias("Send"), ResponseTimeout("00:00:30")]
    ValueTask<SendResult[][]> SendAsync(OutgoingMessage[][] batches);

    /// <summary>Leases what is ready now; nothing while the queue is paused.</summary>
    [Alias("Receive"), ResponseTimeout("00:00:10")]
    ValueTask<LeasedContent[]> ReceiveAsync(int max, TimeSpan? lease);

    /// <summary>Waits until something is ready, and the queue is not paused.</summary>
    /// <param name="wait">At most so long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the wait is over.</returns>
    [Alias("WaitUntilReady"), ResponseTimeout("00:00:30")]
    ValueTask<bool> WaitUntilReadyAsync(TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Leases deferred messages.</summary>
    /// <exception cref="GranaryQueuePausedException">The queue is paused.</exception>
    [Alias("ReceiveDeferred"), ResponseTimeout("00:00:10")]
    ValueTask<LeasedContent[]> ReceiveDeferredAsync(long[] offsets, TimeSpan? lease);

    /// <summary>Ends or renews leases.</summary>
    [Alias("Settle"), ResponseTimeout("00:00:10")]
    ValueTask<SettleOutcome[]> SettleAsync(Settlement[] settlements);

    /// <summary>Removes a scheduled message.</summary>
    [Alias("CancelScheduled"), ResponseTimeout("00:00:10")]
    ValueTask<bool> CancelScheduledAsync(long offset);

    /// <summary>Messages of one state from an offset on.</summary>
    [Alias("Peek"), ResponseTimeout("00:00:10")]
    ValueTask<PeekedContent[]> PeekAsync(MessageState state, long fromOffset, int max);

    /// <summary>Messages that have failed and are ready, delayed or leased, by offset.</summary>
    [Alias("PeekFailing"), ResponseTimeout("00:00:10")]
    ValueTask<PeekedContent[]> PeekFailingAsync(int max);

    /// <summary>Makes dead letters ready again.</summary>
    [Alias("Redrive"), ResponseTimeout("00:00:10")]
    ValueTask<int> RedriveAsync(DeadFilter filter, int max);

    /// <summary>Removes messages of one state.</summary>
    [Alias("Purge"), ResponseTimeout("00:00:10")]
    ValueTask<int> PurgeAsync(MessageState state, DeadFilter filter, int max);

    /// <summary>The partition's counts.</summary>
    [Alias("GetStatistics"), ResponseTimeout("00:00:10")]
    ValueTask<QueueStatistics> GetStatisticsAsync();

    /// <summary>
    /// The definition has changed: other options, or it is paused or not any more. What is leased, waits or is being written
    /// goes on as it is.
    /// </summary>
    [Alias("SetOptions"), ResponseTimeout("00:00:10")]
    ValueTask SetOptionsAsync(QueueOptions options);

    /// <summary>Of a topic and its subscriptions: as <see cref="SetOptionsAsync"/>, and who subscribes.</summary>
    [Alias("SetDefinition"), ResponseTimeout("00:00:10")]
    ValueTask SetDefinitionAsync(QueueDefinition definition);

    /// <summary>Of a topic: finds a place, and keeps what comes from there on for a subscription.</summary>
    /// <param name="subscription">Its creation.</param>
    /// <param name="epoch">Of the subscription's owner that will go on there.</param>
    /// <param name="start">Which place; it names one of this partition, or none is named by it.</param>
    [Alias("FindPlace"), ResponseTimeout("00:00:10")]
    ValueTask<TopicPlace> FindPlaceAsync(Guid subscription, long epoch, SubscriptionStart start);

    /// <summary>Of a topic: the offset after the last durable message, about.</summary>
    [Alias("GetEnd"), ResponseTimeout("00:00:10")]
    ValueTask<long> GetEndAsync();

    /// <summary>Of a topic: messages from an offset on; with none there it waits for the first.</summary>
    /// <param name="need">What of the partition the subscription that asks still needs.</param>
    /// <param name="from">The first offset.</param>
    /// <param name="wait">At most so long; then the answer has no messages.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    [Alias("Read"), ResponseTimeout("00:00:30")]
    ValueTask<TopicPart> ReadAsync(TopicNeed need, long from, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Of a subscription: goes on elsewhere in the topic. What it has is forgotten, and leases end.</summary>
    [Alias("Seek"), ResponseTimeout("00:00:10")]
    ValueTask SeekAsync(SubscriptionStart start);

    /// <summary>Lets go of the log: the queue is deleted.</summary>
    [Alias("Close"), ResponseTimeout("00:00:10")]
    ValueTask CloseAsync();
}
