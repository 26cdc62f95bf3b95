namespace Granary.Queues.Logs;

/// <summary>The log cannot be reached, or this owner is not the owner any more. Open the partition again.</summary>
public sealed class QueueUnavailableException : Exception
{
    /// <summary>Says what failed.</summary>
    public QueueUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says what failed, and why.</summary>
    public QueueUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
