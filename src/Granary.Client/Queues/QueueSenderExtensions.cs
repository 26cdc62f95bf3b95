namespace Granary.Client;

/// <summary>Shorter ways to send.</summary>
public static class QueueSenderExtensions
{
    /// <summary>Sends a value, as <see cref="QueueMessage.Of"/> makes a message of it.</summary>
    public static Task<SendReceipt> SendAsync<T>(
        this IQueueSender sender, T value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sender);
        return sender.SendAsync(QueueMessage.Of(value), cancellationToken);
    }
}
