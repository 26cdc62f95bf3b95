using Granary.Benchmarks.Scenarios.Queues.Subjects;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Nats;

/// <summary>A stream that keeps a message until every subscription, a durable consumer, has acknowledged it.</summary>
internal sealed class NatsTopics(NatsQueue queues, NatsJSContext context) : ITopics
{
    public async Task CreateAsync(
        string topic, IReadOnlyList<string> subscriptions, CancellationToken cancellationToken)
    {
        await queues.CreateStreamAsync(topic, StreamConfigRetention.Interest, cancellationToken);
        foreach (string subscription in subscriptions)
        {
            await queues.CreateConsumerAsync(topic, subscription, cancellationToken);
        }
    }

    public Task DeleteAsync(string topic, IReadOnlyList<string> subscriptions, CancellationToken cancellationToken) =>
        queues.DeleteAsync(topic, cancellationToken);

    public Task<IQueueSender> OpenSenderAsync(string topic, CancellationToken cancellationToken) =>
        queues.OpenSenderAsync(topic, cancellationToken);

    public async Task<IQueueReceiver> OpenReceiverAsync(
        string topic, string subscription, ReceiverSettings settings, CancellationToken cancellationToken) =>
        new NatsReceiver(
            await context.GetConsumerAsync(topic, subscription, cancellationToken), settings.Prefetch);
}
