using Granary.Queues.Doors;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Granary.Queues.Grains;

// The keeper orders changes by itself.
[QueuePlacement]
[Immovable]
[Reentrant]
internal sealed class QueueCatalogGrain(QueueKeeper keeper) : Grain, IQueueCatalogGrain
{
    public async ValueTask<QueueDefinition> GetOrCreateAsync(string name) =>
        keeper.Queues.TryGetValue(name, out QueueDefinition? existing)
            ? existing
            : await keeper.PutAsync(
                new QueueDefinition(name, QueueDefinition.DefaultPartitions, new QueueOptions()), replace: false);

    public ValueTask<QueueDefinition?> FindAsync(string name) => new(keeper.Queues.GetValueOrDefault(name));

    public async ValueTask PutAsync(QueueDefinition definition)
    {
        definition = await keeper.PutAsync(definition, replace: true);

        // Also if nothing changes: the last attempt may not have come to all of them.
        await ForEachPartitionAsync(definition, partition => partition.SetOptionsAsync(definition.Options));
    }

    public async ValueTask<bool> DeleteAsync(string name) => await keeper.DeleteAsync(name, CloseAsync);

    public ValueTask<QueueDefinition[]> ListAsync() =>
        new([.. keeper.Queues.Values.OrderBy(queue => queue.Name, StringComparer.Ordinal)]);

    private Task CloseAsync(QueueDefinition definition) =>
        ForEachPartitionAsync(definition, static partition => partition.CloseAsync());

    private Task ForEachPartitionAsync(QueueDefinition definition, Func<IQueuePartitionGrain, ValueTask> work) =>
        Task.WhenAll(Enumerable.Range(0, definition.Partitions).Select(index =>
            work(GrainFactory.GetGrain<IQueuePartitionGrain>(index, PartitionKey.Of(definition))).AsTask()));
}
