using Granary.Benchmarks.Scenarios.Queues.Subjects;
using StackExchange.Redis;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Redis;

/// <summary>
/// A stream with a consumer group for each subscription. No group may delete what the others have not had: XADD trims
/// the stream to about its last million entries, whoever has had them.
/// </summary>
internal sealed class RedisTopics(RedisQueue queues, IDatabase database) : ITopics
{
    public const int MaxLength = 1_000_000; // more than a run sends, so that it loses nothing

    public async Task CreateAsync(
        string topic, IReadOnlyList<string> subscriptions, CancellationToken cancellationToken)
    {
        foreach (string subscription in subscriptions)
        {
            await database.StreamCreateConsumerGroupAsync(
                topic, subscription, StreamPosition.Beginning, createStream: true);
        }
    }

    public Task DeleteAsync(string topic, IReadOnlyList<string> subscriptions, CancellationToken cancellationToken) =>
        queues.DeleteAsync(topic, cancellationToken);

    public Task<IQueueSender> OpenSenderAsync(string topic, CancellationToken cancellationToken) =>
        Task.FromResult<IQueueSender>(new RedisSender(database, topic, MaxLength));

    public Task<IQueueReceiver> OpenReceiverAsync(
        string topic, string subscription, ReceiverSettings settings, CancellationToken cancellationToken) =>
        queues.OpenReceiverAsync(topic, subscription, deletes: false);
}
