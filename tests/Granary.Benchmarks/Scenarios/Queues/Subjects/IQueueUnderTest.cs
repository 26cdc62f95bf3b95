namespace Granary.Benchmarks.Scenarios.Queues.Subjects;

/// <summary>A running server, and this process as its client. Disposing it stops the server and deletes its data.</summary>
internal interface IQueueUnderTest : IAsyncDisposable
{
    /// <summary>As the server itself says.</summary>
    string Version { get; }

    /// <summary>The server's processes; those they start count too.</summary>
    IReadOnlyList<int> ProcessIds { get; }

    /// <summary>Whether <see cref="IQueueSender.SendDelayedAsync"/> works.</summary>
    bool CanDelay { get; }

    /// <summary>
    /// Whether it is a stream, which pushes each message to its one subscriber and is told nothing: no work queue.
    /// </summary>
    bool IsStream => false;

    /// <summary>Whether it promises to keep what it has confirmed: a run with a loss or a duplicate is void.</summary>
    bool KeepsAll => true;

    /// <summary>Its topics, as durable as its queues; <see langword="null"/> if it has none.</summary>
    ITopics? Topics => null;

    /// <summary>Its requests, as durable as its queues; <see langword="null"/> if it has none.</summary>
    IRequests? Requests => null;

    Task CreateAsync(string queue, CancellationToken cancellationToken);

    Task DeleteAsync(string queue, CancellationToken cancellationToken);

    Task<IQueueSender> OpenSenderAsync(string queue, CancellationToken cancellationToken);

    Task<IQueueReceiver> OpenReceiverAsync(
        string queue, ReceiverSettings settings, CancellationToken cancellationToken);

    /// <summary>Stops the server as its operator would, and keeps its data. No sender or receiver may be open.</summary>
    Task StopServerAsync();

    /// <summary>Starts the stopped server on its data, and connects.</summary>
    Task StartServerAsync(CancellationToken cancellationToken);
}
