using Granary.Queues;

namespace Granary.Client;

/// <summary>
/// Receives from one queue. A received message is leased: nobody else gets it until it is settled, or until the lease
/// ends. Thread-safe.
/// </summary>
/// <remarks>
/// Settling throws <see cref="GranaryLockLostException"/> if the message belongs to somebody else by now,
/// <see cref="GranaryUnavailableException"/> if nothing was changed within the time, and
/// <see cref="GranaryOutcomeUnknownException"/> if it may have been settled.
/// </remarks>
public interface IQueueReceiver
{
    /// <summary>The queue's name.</summary>
    string Queue { get; }

    /// <summary>Receives messages; with none there it waits for the first.</summary>
    /// <param name="maxMessages">1 to 4096. Fewer may come although more are there.</param>
    /// <param name="maxWait">Zero: what is there now. Empty when it is over.</param>
    /// <param name="cancellationToken">Ends the wait; what comes nevertheless is released.</param>
    /// <exception cref="GranaryUnavailableException">No silo could be asked.</exception>
    Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken = default);

    /// <summary>
    /// Receives one message after another, until cancelled. An outage is waited for. What is fetched ahead of the
    /// enumeration (<see cref="QueueReceiverOptions.PrefetchCount"/>) is renewed until its turn comes, for 5 minutes at
    /// most, and released at the enumeration's end; what somebody else has had by then is left out. The message that the
    /// enumeration is at has at least a third of its lease left, and is the caller's to renew.
    /// </summary>
    IAsyncEnumerable<ReceivedMessage> ReceiveAllAsync(CancellationToken cancellationToken = default);

    /// <summary>Receives deferred messages. Those that are not deferred any more are left out.</summary>
    /// <exception cref="GranaryUnavailableException">No silo could be asked.</exception>
    /// <exception cref="GranaryQueuePausedException">The queue is paused. They stay deferred.</exception>
    Task<IReadOnlyList<ReceivedMessage>> ReceiveDeferredAsync(
        IReadOnlyList<MessagePosition> positions, CancellationToken cancellationToken = default);

    /// <summary>The work is done: the message is gone. Also after the lease has ended, if nobody has had it since.</summary>
    Task CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken = default);

    /// <summary>The work failed: the message is tried again later, or dead-lettered if it has failed often enough.</summary>
    /// <param name="message">Which.</param>
    /// <param name="reason">For its history.</param>
    /// <param name="delay">When it is tried again; <see langword="null"/>: as the queue says, longer each time.</param>
    /// <param name="cancellationToken">Gives up; it may be done nevertheless.</param>
    Task AbandonAsync(
        ReceivedMessage message,
        string? reason = null,
        TimeSpan? delay = null,
        CancellationToken cancellationToken = default);

    /// <summary>Gives the message back unharmed: it is ready at once, and no failure is counted.</summary>
    Task ReleaseAsync(ReceivedMessage message, CancellationToken cancellationToken = default);

    /// <summary>Puts the message aside, until somebody asks for its <see cref="ReceivedMessage.Position"/>.</summary>
    Task DeferAsync(ReceivedMessage message, CancellationToken cancellationToken = default);

    /// <summary>Gives up on the message: it is kept as a dead letter, with the reason, until it is redriven or purged.</summary>
    /// <param name="message">Which.</param>
    /// <param name="reason">A word to filter by.</param>
    /// <param name="details">What else is known.</param>
    /// <param name="cancellationToken">Gives up; it may be done nevertheless.</param>
    Task DeadLetterAsync(
        ReceivedMessage message,
        string reason,
        string? details = null,
        CancellationToken cancellationToken = default);

    /// <summary>Begins the lease anew.</summary>
    Task RenewAsync(ReceivedMessage message, CancellationToken cancellationToken = default);
}
