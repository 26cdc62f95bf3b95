namespace Granary.Queues.Logs;

/// <summary>The queues that there are, kept beside their rows. Thread-safe.</summary>
public interface IQueueCatalog
{
    /// <summary>All queues, by name.</summary>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    Task<IReadOnlyList<QueueDefinition>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>One queue; <see langword="null"/> if it is not there.</summary>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    Task<QueueDefinition?> FindAsync(string queue, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a queue or gives it another definition; durable when it returns. Subscriptions that are not in it any more are
    /// removed with all rows of their partitions, as <see cref="DeleteAsync"/> does.
    /// </summary>
    /// <param name="existing">What the caller has found; <see langword="null"/>: no queue of this name.</param>
    /// <param name="definition">What is to be there.</param>
    /// <param name="cancellationToken">Gives up waiting; it may be done nevertheless.</param>
    /// <returns>False if there is something else than the caller has found. Nothing is changed.</returns>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    Task<bool> TryWriteAsync(
        QueueDefinition? existing, QueueDefinition definition, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a queue with all rows of its partitions, and of its subscriptions'. Their epochs go on: who owns one now writes nothing any more, and
    /// a receipt of now means nothing in a later queue of the same name.
    /// </summary>
    /// <returns>False if it was not there.</returns>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    Task<bool> DeleteAsync(string queue, CancellationToken cancellationToken);
}
