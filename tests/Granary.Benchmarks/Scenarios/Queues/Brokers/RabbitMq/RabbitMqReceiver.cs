using Granary.Benchmarks.Scenarios.Queues.Subjects;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.RabbitMq;

/// <summary>A consumer with prefetch. AMQP has no answer to an acknowledgement, so completing waits for none.</summary>
internal sealed class RabbitMqReceiver : IQueueReceiver
{
    private readonly IChannel _channel;
    private readonly DeliveryBuffer _buffer = new();

    private RabbitMqReceiver(IChannel channel) => _channel = channel;

    public static async Task<RabbitMqReceiver> StartAsync(
        IChannel channel, string queue, CancellationToken cancellationToken)
    {
        var receiver = new RabbitMqReceiver(channel);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += receiver.ReceivedAsync;
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken);
        return receiver;
    }

    public Task<IReadOnlyList<Delivery>> ReceiveAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken) =>
        _buffer.TakeAsync(maxMessages, maxWait, cancellationToken);

    public Task CompleteAsync(Delivery delivery, CancellationToken cancellationToken) =>
        _channel.BasicAckAsync((ulong)delivery.Receipt, multiple: false, cancellationToken).AsTask();

    public Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        _channel.BasicAckAsync((ulong)deliveries[^1].Receipt, multiple: true, cancellationToken).AsTask();

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    // The body belongs to the library again once this returns.
    private Task ReceivedAsync(object sender, BasicDeliverEventArgs message)
    {
        _buffer.Add(new Delivery(message.Body.ToArray(), message.DeliveryTag));
        return Task.CompletedTask;
    }
}
