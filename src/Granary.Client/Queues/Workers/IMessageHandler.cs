namespace Granary.Client;

/// <summary>Works on messages of a queue, one instance for each, with the services of a scope of its own.</summary>
/// <typeparam name="TMessage">
/// What a body is, by the rules of <see cref="QueueMessage.Of"/>; a body that is none is dead-lettered.
/// </typeparam>
public interface IMessageHandler<in TMessage>
{
    /// <summary>Works on a message. Returning completes it; an exception is a failure, and it is tried again later.</summary>
    /// <param name="message">The body.</param>
    /// <param name="context">The rest of the message, and other ways to settle it.</param>
    /// <param name="cancellationToken">
    /// The message belongs to somebody else by now, or the process stops and the time for it is over.
    /// </param>
    Task HandleAsync(TMessage message, MessageContext context, CancellationToken cancellationToken);
}
