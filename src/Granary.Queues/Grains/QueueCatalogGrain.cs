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
    public async ValueTask<QueueDefinition> GetOrCreateAsync(string name) => await keeper.GetOrCreateAsync(name);

    public async ValueTask<QueueDefinition?> FindAsync(string name) => await keeper.FindAsync(name);

    public async ValueTask PutAsync(QueueDefinition definition)
    {
        definition = await keeper.PutAsync(definition, replace: true);

        // Also if nothing changes: the last attempt may not have come to all of them.
        await ForEachPartitionAsync(definition, partition => partition.SetOptionsAsync(definition.Options));
    }

    public async ValueTask<bool> DeleteAsync(string name)
    {
        QueueDefinition? deleted = await keeper.DeleteAsync(name);
        await (deleted is null ? Task.CompletedTask : CloseAsync(deleted));
        return deleted is not null;
    }

    public async ValueTask<QueueDefinition[]> ListAsync() => [.. await keeper.ListAsync()];

    private Task CloseAsync(QueueDefinition definition) =>
        ForEachPartitionAsync(definition, static partition => partition.CloseAsync());

    private Task ForEachPartitionAsync(QueueDefinition definition, Func<IQueuePartitionGrain, ValueTask> work) =>
        Task.WhenAll(Enumerable.Range(0, definition.Partitions).Select(index =>
            work(GrainFactory.GetGrain<IQueuePartitionGrain>(index, PartitionKey.Of(definition))).AsTask()));
}
