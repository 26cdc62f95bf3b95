namespace Granary.Queues.Logs;

/// <summary>The queues that there are, kept beside their rows. Thread-safe.</summary>
public interface IQueueCatalog
{
    /// <summary>All queues.</summary>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    Task<IReadOnlyList<QueueDefinition>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Adds a queue or gives it other options; durable when it returns.</summary>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    Task WriteAsync(QueueDefinition definition, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a queue with all rows of its partitions. Their epochs stay, so that a receipt of now means nothing in a
    /// later queue of the same name.
    /// </summary>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    Task DeleteAsync(string queue, CancellationToken cancellationToken);
}
