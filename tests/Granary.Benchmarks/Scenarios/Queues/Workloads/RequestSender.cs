using Granary.Benchmarks.Load;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>Sends requests, each done when its reply has come, which is to be the request's own bytes.</summary>
internal sealed class RequestSender(IRequester requester) : IQueueSender
{
    /// <exception cref="LoadException">It is another's reply.</exception>
    public async Task SendAsync(byte[] body, CancellationToken cancellationToken)
    {
        byte[] reply = await requester.RequestAsync(body, cancellationToken);
        if (!reply.AsSpan().SequenceEqual(body))
        {
            throw new LoadException("A reply is not that of its request.");
        }
    }

    public Task SendBatchAsync(IReadOnlyList<byte[]> bodies, CancellationToken cancellationToken) =>
        Task.WhenAll(bodies.Select(body => SendAsync(body, cancellationToken)));

    public Task SendDelayedAsync(byte[] body, DateTimeOffset due, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => requester.DisposeAsync();
}
