using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Granary.Client;
using Granary.Queues;
using IQueueReceiver = Granary.Benchmarks.Scenarios.Queues.Subjects.IQueueReceiver;
using IQueueSender = Granary.Benchmarks.Scenarios.Queues.Subjects.IQueueSender;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;

/// <summary>Granary's topics: a message is stored once, for all subscriptions.</summary>
internal sealed class GranaryTopics(IGranaryQueues queues, QueueOptions options) : ITopics
{
    public async Task CreateAsync(
        string topic, IReadOnlyList<string> subscriptions, CancellationToken cancellationToken)
    {
        var definition = new QueueDefinition(topic, QueueDefinition.DefaultPartitions, options)
        {
            Topic = new TopicOptions(),
        };
        await queues.Administration.PutAsync(definition, cancellationToken);
        foreach (string subscription in subscriptions)
        {
            await queues.Administration.PutSubscriptionAsync(
                topic, new SubscriptionDefinition(subscription) { Options = options }, cancellationToken);
        }
    }

    public Task DeleteAsync(string topic, IReadOnlyList<string> subscriptions, CancellationToken cancellationToken) =>
        queues.Administration.DeleteAsync(topic, cancellationToken);

    public Task<IQueueSender> OpenSenderAsync(string topic, CancellationToken cancellationToken) =>
        Task.FromResult<IQueueSender>(new GranarySender(queues.CreateSender(topic)));

    public Task<IQueueReceiver> OpenReceiverAsync(
        string topic, string subscription, ReceiverSettings settings, CancellationToken cancellationToken) =>
        Task.FromResult<IQueueReceiver>(new GranaryReceiver(queues.CreateReceiver($"{topic}/{subscription}")));
}
