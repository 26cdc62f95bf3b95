namespace Granary.Client;

/// <summary>The queues. One instance serves the whole process; all members are thread-safe.</summary>
/// <remarks>
/// A queue is made by its first use, with default options; <see cref="IQueueAdministration.PutAsync"/> makes one with
/// others. Its name has 1 to 128 ASCII letters, digits, '-', '_' and '.'. A topic is sent to as a queue is; who receives
/// names one of its subscriptions: <c>topic/subscription</c>. They are made by
/// <see cref="IQueueAdministration.PutSubscriptionAsync"/>.
/// </remarks>
public interface IGranaryQueues
{
    /// <summary>Makes, changes, watches and mends queues.</summary>
    IQueueAdministration Administration { get; }

    /// <summary>A sender for a queue or a topic. Senders of one queue share what they do.</summary>
    /// <exception cref="ArgumentException">It is no name of a queue.</exception>
    IQueueSender CreateSender(string queue);

    /// <summary>A receiver for a queue or a subscription.</summary>
    /// <exception cref="ArgumentException">It is no name of a queue, or an option makes no sense.</exception>
    IQueueReceiver CreateReceiver(string queue, QueueReceiverOptions? options = null);

    /// <summary>A processor, which calls a handler for each message once it is started.</summary>
    /// <exception cref="ArgumentException">It is no name of a queue, or an option makes no sense.</exception>
    QueueProcessor CreateProcessor(
        string queue, Func<MessageContext, CancellationToken, Task> handler, QueueProcessorOptions? options = null);

    /// <summary>A requester, which sends requests to a queue and waits for replies.</summary>
    /// <exception cref="ArgumentException">It is no name of a queue.</exception>
    IQueueRequester CreateRequester(string queue);

    /// <summary>A processor that answers the requests of a queue once it is started.</summary>
    /// <typeparam name="TRequest">What a request's body is.</typeparam>
    /// <typeparam name="TReply">What is answered.</typeparam>
    /// <param name="queue">The queue's name.</param>
    /// <param name="respond">Answers. If it throws, the request is tried again; it may be asked the same twice.</param>
    /// <param name="options">How it works; <see langword="null"/>: the defaults.</param>
    /// <exception cref="ArgumentException">It is no name of a queue, or an option makes no sense.</exception>
    QueueProcessor CreateResponder<TRequest, TReply>(
        string queue, Func<TRequest, CancellationToken, Task<TReply>> respond, QueueProcessorOptions? options = null);
}
