using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.RabbitMq;

/// <summary>A consumer that answers; it acknowledges a request once it has sent the reply.</summary>
internal sealed class RabbitMqResponder : IAsyncDisposable
{
    private readonly IChannel _channel;
    private readonly Func<ReadOnlyMemory<byte>, byte[]> _respond;

    private RabbitMqResponder(IChannel channel, Func<ReadOnlyMemory<byte>, byte[]> respond)
    {
        _channel = channel;
        _respond = respond;
    }

    public static async Task<RabbitMqResponder> StartAsync(
        IChannel channel, string queue, Func<ReadOnlyMemory<byte>, byte[]> respond, CancellationToken cancellationToken)
    {
        var responder = new RabbitMqResponder(channel, respond);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += responder.ReceivedAsync;
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken);
        return responder;
    }

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    private async Task ReceivedAsync(object sender, BasicDeliverEventArgs message)
    {
        var properties = new BasicProperties { CorrelationId = message.BasicProperties.CorrelationId };
        await _channel.BasicPublishAsync(
            exchange: "", message.BasicProperties.ReplyTo!, mandatory: false, properties, _respond(message.Body));
        await _channel.BasicAckAsync(message.DeliveryTag, multiple: false);
    }
}
