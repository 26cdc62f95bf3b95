using Granary.Queues;

namespace Granary.Client;

/// <summary>What an operator does with queues. Thread-safe.</summary>
/// <remarks>
/// What does not succeed within <see cref="GranaryClientOptions.OperationTimeout"/> throws
/// <see cref="GranaryUnavailableException"/>. Where messages are looked at, moved or counted, <c>topic/subscription</c>
/// names a subscription as a queue's name names a queue.
/// </remarks>
public interface IQueueAdministration
{
    /// <summary>
    /// Makes a queue or a topic, or gives an existing one other options, which hold for what is done from then on. What is leased,
    /// waits or is being written goes on as it is. What is paused stays paused: a program that declares its queues when it
    /// starts does not resume one.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An option makes no sense, or an existing one has another number of partitions, is a topic and was a queue, or is kept in memory and was
    /// not, or the other way round.
    /// </exception>
    Task PutAsync(QueueDefinition definition, CancellationToken cancellationToken = default);

    /// <summary>A queue's definition; <see langword="null"/> if it is not there.</summary>
    Task<QueueDefinition?> FindAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>All queues, by name.</summary>
    Task<IReadOnlyList<QueueDefinition>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes a queue and all its messages. Who uses it still makes a new one of that name.</summary>
    /// <returns>False if it was not there.</returns>
    Task<bool> DeleteAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a subscription of a topic, or gives an existing one other options and another filter; a topic that is not
    /// there is made with default options. Every message that is sent after this has ended is for the subscription. One that
    /// is paused stays paused.
    /// </summary>
    /// <param name="topic">The topic's name.</param>
    /// <param name="subscription">Its name, and how it treats messages. Where it starts counts when it is made.</param>
    /// <param name="cancellationToken">Gives up; it may be done nevertheless.</param>
    /// <exception cref="ArgumentException">A value makes no sense, or <paramref name="topic"/> is a queue.</exception>
    Task PutSubscriptionAsync(
        string topic, SubscriptionDefinition subscription, CancellationToken cancellationToken = default);

    /// <summary>Removes a subscription and all that it has.</summary>
    /// <returns>False if it was not there.</returns>
    Task<bool> DeleteSubscriptionAsync(string topic, string subscription, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets a subscription go on elsewhere in its topic: back, to have messages again that are kept, or forward. What it
    /// has is forgotten, dead letters included; who holds a message loses it.
    /// </summary>
    /// <exception cref="ArgumentException">The subscription is not there, or a position makes no sense.</exception>
    Task SeekAsync(
        string topic, string subscription, SubscriptionStart start, CancellationToken cancellationToken = default);

    /// <summary>
    /// From now on a queue or a subscription gives nothing out: receivers wait as if it were empty. All else goes on: what is
    /// sent is stored, what is leased can be settled and renewed, what is due becomes ready, what is too old expires, dead
    /// letters can be redriven and purged. A subscription's messages stay in its topic. It lasts until
    /// <see cref="ResumeAsync"/>, also over restarts; a queue that is deleted and made again is not paused.
    /// </summary>
    /// <remarks>
    /// <see cref="QueueDefinition.IsPaused"/> and <see cref="SubscriptionDefinition.IsPaused"/> tell. What somebody has received
    /// when this has ended, or has fetched ahead, is still worked on. Deferred messages are not given out either:
    /// <see cref="IQueueReceiver.ReceiveDeferredAsync"/> throws <see cref="GranaryQueuePausedException"/>. Silos of a build
    /// that knows no pause give messages out nevertheless.
    /// </remarks>
    /// <param name="queue">Its name, or <c>topic/subscription</c>.</param>
    /// <param name="cancellationToken">Gives up; it may be done nevertheless.</param>
    /// <returns>False if it is not there.</returns>
    /// <exception cref="ArgumentException">It is a topic: its subscriptions can be paused.</exception>
    Task<bool> PauseAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>Ends a pause: who waits is served at once. One that is not paused stays as it is.</summary>
    /// <param name="queue">Its name, or <c>topic/subscription</c>.</param>
    /// <param name="cancellationToken">Gives up; it may be done nevertheless.</param>
    /// <returns>False if it is not there.</returns>
    /// <exception cref="ArgumentException">It is a topic: its subscriptions can be resumed.</exception>
    Task<bool> ResumeAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>
    /// How many receives wait for a message now, in the whole cluster, by queue or <c>topic/subscription</c>. Where nobody waits
    /// there is no entry. A worker whose hands are full does not wait; what waits at a silo that does not answer is not counted.
    /// </summary>
    Task<IReadOnlyDictionary<string, int>> GetWaitingReceiversAsync(CancellationToken cancellationToken = default);

    /// <summary>How many messages are in which state, how old the oldest are, what was done and how fast.</summary>
    Task<QueueStatistics> GetStatisticsAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>Messages of one state, in the order of their positions, without leasing them.</summary>
    IAsyncEnumerable<PeekedMessage> PeekAsync(
        string queue, MessageState state, CancellationToken cancellationToken = default);

    /// <summary>
    /// What a queue is stuck on: messages that have failed and are neither dead nor deferred, those sent first first. They are
    /// ready, delayed or leased; <see cref="PeekedMessage.DeliveryCount"/> is how often each has failed, and
    /// <see cref="PeekedMessage.Failures"/> why.
    /// </summary>
    /// <param name="queue">Its name, or <c>topic/subscription</c>.</param>
    /// <param name="max">At most so many; fewer if they are long (<see cref="QueueLimits.MaxCallBytes"/>).</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <remarks>Costs what it finds, however many messages there are.</remarks>
    Task<IReadOnlyList<PeekedMessage>> PeekFailingAsync(
        string queue, int max = 10, CancellationToken cancellationToken = default);

    /// <summary>Makes dead letters ready again, as if they had never failed; their history stays.</summary>
    /// <param name="queue">Which queue's.</param>
    /// <param name="filter">Which; <see langword="null"/>: all.</param>
    /// <param name="maxPerSecond">So that workers are not flooded; <see langword="null"/>: as fast as it goes.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops; what is done stays done.</param>
    /// <returns>How many.</returns>
    Task<long> RedriveAsync(
        string queue,
        DeadFilter? filter = null,
        int? maxPerSecond = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default);

    /// <summary>Removes messages of one state for good. Leased ones cannot be.</summary>
    /// <param name="queue">Of which queue.</param>
    /// <param name="state">Which.</param>
    /// <param name="filter">Which of the dead; <see langword="null"/>: all.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellationToken">Stops; what is done stays done.</param>
    /// <returns>How many.</returns>
    Task<long> PurgeAsync(
        string queue,
        MessageState state,
        DeadFilter? filter = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default);
}
