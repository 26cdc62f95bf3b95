using Granary.Benchmarks.Scenarios.Queues.Subjects;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Nats;

/// <summary>Publishes to the stream's subject and waits for each PubAck.</summary>
internal sealed class NatsSender(NatsJSContext context, string subject) : IQueueSender
{
    public async Task SendAsync(byte[] body, CancellationToken cancellationToken)
    {
        PubAckResponse answer = await context.PublishAsync(subject, body, cancellationToken: cancellationToken);
        answer.EnsureSuccess();
    }

    public Task SendBatchAsync(IReadOnlyList<byte[]> bodies, CancellationToken cancellationToken) =>
        Task.WhenAll(bodies.Select(body => SendAsync(body, cancellationToken)));

    public Task SendDelayedAsync(byte[] body, DateTimeOffset due, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
