using Granary.Benchmarks.Scenarios.Queues.Subjects;
using RabbitMQ.Client;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.RabbitMq;

/// <summary>Publishes to an exchange on one channel, which confirms.</summary>
internal sealed class RabbitMqSender(IChannel channel, string exchange, string routingKey, bool isPersistent)
    : IQueueSender
{
    private readonly BasicProperties _properties = new() { Persistent = isPersistent };

    public Task SendAsync(byte[] body, CancellationToken cancellationToken) =>
        channel.BasicPublishAsync(
            exchange, routingKey, mandatory: false, _properties, body, cancellationToken).AsTask();

    public Task SendBatchAsync(IReadOnlyList<byte[]> bodies, CancellationToken cancellationToken) =>
        Task.WhenAll(bodies.Select(body => SendAsync(body, cancellationToken)));

    public Task SendDelayedAsync(byte[] body, DateTimeOffset due, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => channel.DisposeAsync();
}
