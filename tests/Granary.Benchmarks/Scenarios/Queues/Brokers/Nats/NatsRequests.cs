using Granary.Benchmarks.Scenarios.Queues.Subjects;
using NATS.Client.Core;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Nats;

/// <summary>NATS' own requests, which are never stored: to a subject that no stream is about.</summary>
internal sealed class NatsRequests(NatsConnection connection) : IRequests
{
    public Task<IRequester> OpenRequesterAsync(string queue, CancellationToken cancellationToken) =>
        Task.FromResult<IRequester>(new NatsRequester(connection, SubjectOf(queue)));

    public async Task<IAsyncDisposable> OpenResponderAsync(
        string queue, int concurrency, Func<ReadOnlyMemory<byte>, byte[]> respond, CancellationToken cancellationToken)
    {
        INatsSub<byte[]> requests =
            await connection.SubscribeCoreAsync<byte[]>(SubjectOf(queue), cancellationToken: cancellationToken);
        await connection.PingAsync(cancellationToken); // the server has the subscription
        return new NatsResponder(requests, respond);
    }

    private static string SubjectOf(string queue) => $"{queue}.requests";
}
