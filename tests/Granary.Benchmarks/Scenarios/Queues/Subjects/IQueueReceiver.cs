namespace Granary.Benchmarks.Scenarios.Queues.Subjects;

/// <summary>Receives messages, which are the receiver's until it completes them.</summary>
/// <remarks>One call of <see cref="ReceiveAsync"/> at a time; completions may run beside it and each other.</remarks>
internal interface IQueueReceiver : IAsyncDisposable
{
    /// <returns>At least one message, or none after <paramref name="maxWait"/>.</returns>
    Task<IReadOnlyList<Delivery>> ReceiveAsync(int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken);

    /// <summary>Done when the server has answered; at once where its protocol has no answer.</summary>
    Task CompleteAsync(Delivery delivery, CancellationToken cancellationToken);

    /// <summary>In one request where the server has one for several messages.</summary>
    /// <param name="deliveries">In the order they were received, none left out between them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken);
}
