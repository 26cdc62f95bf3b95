namespace Granary.Client;

/// <summary>Sends requests to a queue, and waits for what a responder answers. Thread-safe.</summary>
/// <remarks>
/// The request is a message: durable as the queue says, worked on by one responder at a time, tried again if that dies or
/// fails. The reply is not: it waits in a silo's memory until the requester has it. A request may be answered twice, of
/// which one counts; so what it does is to be harmless when it is done twice.
/// </remarks>
public interface IQueueRequester
{
    /// <summary>The queue.</summary>
    string Queue { get; }

    /// <summary>Asks, and waits.</summary>
    /// <typeparam name="TRequest">Encoded as <see cref="QueueMessage.Of"/> does.</typeparam>
    /// <typeparam name="TReply">What the responder answers.</typeparam>
    /// <param name="request">What is asked.</param>
    /// <param name="timeout">How long; a request that nobody has begun by then is dropped.</param>
    /// <param name="cancellationToken">Gives up waiting; the request may still be worked on.</param>
    /// <exception cref="GranaryOutcomeUnknownException">No reply came in time: the request may have been worked on.</exception>
    /// <exception cref="FormatException">The reply is no <typeparamref name="TReply"/>.</exception>
    /// <exception cref="GranaryException">The request could not be sent, as <see cref="IQueueSender"/> says.</exception>
    Task<TReply> RequestAsync<TRequest, TReply>(
        TRequest request, TimeSpan timeout, CancellationToken cancellationToken = default);
}
