namespace Granary.Client.Queues.Workers;

/// <summary>Reads a message before it is handled.</summary>
internal static class TypedHandler
{
    /// <summary>A handler of messages whose body is a <typeparamref name="T"/>; others are dead letters.</summary>
    public static Func<MessageContext, CancellationToken, Task> Of<T>(Func<T, MessageContext, CancellationToken, Task> handle) =>
        async (context, cancellationToken) =>
        {
            T message;
            try
            {
                message = context.Message.As<T>();
            }
            catch (FormatException exception)
            {
                // It does not become readable by trying again.
                await context.DeadLetterAsync(MessageReasons.Unreadable, exception.Message, cancellationToken)
                    .ConfigureAwait(false);
                return;
            }

            await handle(message, context, cancellationToken).ConfigureAwait(false);
        };
}
