using Granary.Queues.Topics;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Granary.Queues.Grains;

// The keeper orders changes by itself.
[QueuePlacement]
[Immovable]
[Reentrant]
internal sealed class QueueCatalogGrain(QueueKeeper keeper, QueueSilos silos) : Grain, IQueueCatalogGrain
{
    public async ValueTask<QueueDefinition> GetOrCreateAsync(string name) => await keeper.GetOrCreateAsync(name);

    public async ValueTask<QueueDefinition?> FindAsync(string name) => await keeper.FindAsync(name);

    public async ValueTask PutAsync(QueueDefinition definition)
    {
        definition = await keeper.PutAsync(definition, replace: true);

        // Also if nothing changes: the last attempt may not have come to all of them.
        await (definition.Topic is null
            ? ForEachPartitionAsync(Own(definition), partition => partition.SetOptionsAsync(definition.Options))
            : SetTopicAsync(definition));
    }

    public async ValueTask PutSubscriptionAsync(string topic, SubscriptionDefinition subscription) =>
        await SetTopicAsync(await keeper.PutSubscriptionAsync(topic, subscription));

    public async ValueTask<bool> SetPausedAsync(string name, bool isPaused)
    {
        PartitionDefinition? now = await keeper.SetPausedAsync(name, isPaused);

        // Also if nothing changes, as above.
        await (now is null
            ? Task.CompletedTask
            : ForEachPartitionAsync(now, partition => partition.SetOptionsAsync(now.Options)));
        return now is not null;
    }

    public async ValueTask<Dictionary<string, int>> GetWaitingReceiversAsync() => await silos.GetWaitingReceiversAsync();

    public async ValueTask<bool> DeleteSubscriptionAsync(string topic, string subscription)
    {
        QueueDefinition? before = await keeper.DeleteSubscriptionAsync(topic, subscription);

        // Also if nothing changes, as above: the topic keeps nothing for it any more.
        if (await keeper.FindAsync(topic) is { Topic: not null } left)
        {
            await ForEachPartitionAsync(Own(left), partition => partition.SetDefinitionAsync(left));
        }

        await (before is null
            ? Task.CompletedTask
            : ForEachPartitionAsync(
                new PartitionDefinition(before, before.Find(subscription)), static partition => partition.CloseAsync()));
        return before is not null;
    }

    public async ValueTask<bool> DeleteAsync(string name)
    {
        QueueDefinition? deleted = await keeper.DeleteAsync(name);
        await (deleted is null ? Task.CompletedTask : CloseAsync(deleted));
        return deleted is not null;
    }

    public async ValueTask<QueueDefinition[]> ListAsync() => [.. await keeper.ListAsync()];

    private static PartitionDefinition Own(QueueDefinition definition) => new(definition, null);

    // The topic first: it keeps messages for those that it knows.
    private async Task SetTopicAsync(QueueDefinition topic)
    {
        await ForEachPartitionAsync(Own(topic), partition => partition.SetDefinitionAsync(topic));
        await Task.WhenAll(PartitionDefinition.AllOf(topic).Skip(1).Select(one =>
            ForEachPartitionAsync(one, partition => partition.SetDefinitionAsync(topic))));
    }

    private Task CloseAsync(QueueDefinition definition) => Task.WhenAll(
        PartitionDefinition.AllOf(definition).Select(one =>
            ForEachPartitionAsync(one, static partition => partition.CloseAsync())));

    private Task ForEachPartitionAsync(PartitionDefinition definition, Func<IQueuePartitionGrain, ValueTask> work) =>
        Task.WhenAll(Enumerable.Range(0, definition.Queue.Partitions).Select(index =>
            work(GrainFactory.GetGrain<IQueuePartitionGrain>(index, definition.Key)).AsTask()));
}
