namespace Granary.Benchmarks.Scenarios.Queues.Subjects;

/// <summary>Sends, each done when the server has confirmed it. Any number may be under way at once.</summary>
internal interface IQueueSender : IAsyncDisposable
{
    Task SendAsync(byte[] body, CancellationToken cancellationToken);

    /// <summary>In one request where the server has one for several messages; else all at once.</summary>
    Task SendBatchAsync(IReadOnlyList<byte[]> bodies, CancellationToken cancellationToken);

    /// <param name="body">The message.</param>
    /// <param name="due">No receiver gets it earlier.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="NotSupportedException">The server has no delayed messages.</exception>
    Task SendDelayedAsync(byte[] body, DateTimeOffset due, CancellationToken cancellationToken);
}
