using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Granary.Client;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;

/// <summary>Granary's requester.</summary>
internal sealed class GranaryRequester(IQueueRequester requester) : IRequester
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public Task<byte[]> RequestAsync(byte[] request, CancellationToken cancellationToken) =>
        requester.RequestAsync<byte[], byte[]>(request, Timeout, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
