using Granary.Benchmarks.Scenarios.Queues.Subjects;
using RabbitMQ.Client;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.RabbitMq;

/// <summary>A fanout exchange that puts each message into every subscription's queue.</summary>
internal sealed class RabbitMqTopics(RabbitMqQueue queues, IConnection connection) : ITopics
{
    public async Task CreateAsync(
        string topic, IReadOnlyList<string> subscriptions, CancellationToken cancellationToken)
    {
        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeclareAsync(
            topic, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
        foreach (string subscription in subscriptions)
        {
            string queue = QueueOf(topic, subscription);
            await queues.CreateAsync(queue, cancellationToken);
            await channel.QueueBindAsync(queue, topic, routingKey: "", cancellationToken: cancellationToken);
        }
    }

    public async Task DeleteAsync(
        string topic, IReadOnlyList<string> subscriptions, CancellationToken cancellationToken)
    {
        foreach (string subscription in subscriptions)
        {
            await queues.DeleteAsync(QueueOf(topic, subscription), cancellationToken);
        }

        await using IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.ExchangeDeleteAsync(topic, cancellationToken: cancellationToken);
    }

    public Task<IQueueSender> OpenSenderAsync(string topic, CancellationToken cancellationToken) =>
        queues.OpenSenderAsync(exchange: topic, routingKey: "", cancellationToken);

    public Task<IQueueReceiver> OpenReceiverAsync(
        string topic, string subscription, ReceiverSettings settings, CancellationToken cancellationToken) =>
        queues.OpenReceiverAsync(QueueOf(topic, subscription), settings, cancellationToken);

    private static string QueueOf(string topic, string subscription) => $"{topic}.{subscription}";
}
