using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Granary.Client;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;

/// <summary>Granary's requests: a request is a message of the queue, the reply waits in the silo's memory.</summary>
internal sealed class GranaryRequests(IGranaryQueues queues) : IRequests
{
    public Task<IRequester> OpenRequesterAsync(string queue, CancellationToken cancellationToken) =>
        Task.FromResult<IRequester>(new GranaryRequester(queues.CreateRequester(queue)));

    public Task<IAsyncDisposable> OpenResponderAsync(
        string queue, int concurrency, Func<ReadOnlyMemory<byte>, byte[]> respond, CancellationToken cancellationToken)
    {
        QueueProcessor responder = queues.CreateResponder<byte[], byte[]>(
            queue,
            (request, _) => Task.FromResult(respond(request)),
            new QueueProcessorOptions { MaxConcurrentCalls = concurrency });
        responder.Start();
        return Task.FromResult<IAsyncDisposable>(responder);
    }
}
