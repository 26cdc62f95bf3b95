namespace Granary.Benchmarks.Scenarios.Queues.Subjects;

/// <summary>A server's topics: each subscription of one has every message.</summary>
internal interface ITopics
{
    /// <summary>Makes a topic; what is sent from then on is for all these subscriptions.</summary>
    Task CreateAsync(string topic, IReadOnlyList<string> subscriptions, CancellationToken cancellationToken);

    Task DeleteAsync(string topic, IReadOnlyList<string> subscriptions, CancellationToken cancellationToken);

    Task<IQueueSender> OpenSenderAsync(string topic, CancellationToken cancellationToken);

    Task<IQueueReceiver> OpenReceiverAsync(
        string topic, string subscription, ReceiverSettings settings, CancellationToken cancellationToken);
}
