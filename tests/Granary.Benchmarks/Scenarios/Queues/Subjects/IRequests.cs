namespace Granary.Benchmarks.Scenarios.Queues.Subjects;

/// <summary>Requests through a server, answered by responders of this process.</summary>
internal interface IRequests
{
    Task<IRequester> OpenRequesterAsync(string queue, CancellationToken cancellationToken);

    /// <summary>Answers the requests of a queue until it is disposed.</summary>
    /// <param name="queue">Made by <see cref="IQueueUnderTest.CreateAsync"/>.</param>
    /// <param name="concurrency">Requests it works on at once.</param>
    /// <param name="respond">Makes the reply. The request is valid until it returns.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    Task<IAsyncDisposable> OpenResponderAsync(
        string queue, int concurrency, Func<ReadOnlyMemory<byte>, byte[]> respond, CancellationToken cancellationToken);
}
