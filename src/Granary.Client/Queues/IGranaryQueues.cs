namespace Granary.Client;

/// <summary>The queues. One instance serves the whole process; all members are thread-safe.</summary>
/// <remarks>
/// A queue is made by its first use, with default options; <see cref="IQueueAdministration.PutAsync"/> makes one with
/// others. Its name has 1 to 128 ASCII letters, digits, '-', '_' and '.'.
/// </remarks>
public interface IGranaryQueues
{
    /// <summary>Makes, changes, watches and mends queues.</summary>
    IQueueAdministration Administration { get; }

    /// <summary>A sender for a queue. Senders of one queue share what they do.</summary>
    /// <exception cref="ArgumentException">It is no name of a queue.</exception>
    IQueueSender CreateSender(string queue);

    /// <summary>A receiver for a queue.</summary>
    /// <exception cref="ArgumentException">It is no name of a queue, or an option makes no sense.</exception>
    IQueueReceiver CreateReceiver(string queue, QueueReceiverOptions? options = null);

    /// <summary>A processor, which calls a handler for each message once it is started.</summary>
    /// <exception cref="ArgumentException">It is no name of a queue, or an option makes no sense.</exception>
    QueueProcessor CreateProcessor(
        string queue, Func<MessageContext, CancellationToken, Task> handler, QueueProcessorOptions? options = null);
}
