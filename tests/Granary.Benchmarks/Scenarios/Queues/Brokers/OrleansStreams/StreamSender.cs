using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Orleans.Streams;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.OrleansStreams;

/// <summary>A producer of a stream.</summary>
internal sealed class StreamSender(IAsyncStream<byte[]> stream) : IQueueSender
{
    public Task SendAsync(byte[] body, CancellationToken cancellationToken) => stream.OnNextAsync(body);

    public Task SendBatchAsync(IReadOnlyList<byte[]> bodies, CancellationToken cancellationToken) =>
        stream.OnNextBatchAsync(bodies);

    public Task SendDelayedAsync(byte[] body, DateTimeOffset due, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
