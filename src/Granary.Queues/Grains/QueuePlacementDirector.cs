using System.Net;
using Granary.Queues.Logs;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Placement;

namespace Granary.Queues.Grains;

/// <summary>
/// Places where the log is. Without a database that is the one silo that keeps the queues, and nowhere while that is away.
/// With one it is any silo: partitions are spread by <see cref="QueueMap"/>, and go elsewhere by hint.
/// </summary>
internal sealed class QueuePlacementDirector(IOptions<QueueSiloOptions> options, QueueKeeper keeper) : IPlacementDirector
{
    public async Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        SiloAddress[] compatible = context.GetCompatibleSilos(target);
        if (keeper.Places is not { } places)
        {
            return KeeperOf(compatible);
        }

        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, compatible) is { } hint)
        {
            return hint;
        }

        SiloAddress? owner = target.GrainIdentity.TryGetIntegerKey(out long index, out string? key) && key is not null
            ? await OwnerOfAsync(places, new PartitionId(PartitionKey.Read(key).Name, (int)index))
            : null; // the catalog: the database orders changes
        owner ??= context.LocalSilo;
        return Array.IndexOf(compatible, owner) >= 0 ? owner : compatible[index % compatible.Length];
    }

    // Whoever calls a partition has read its queue's definition on this silo, nearly always.
    private async ValueTask<SiloAddress?> OwnerOfAsync(PartitionPlaces places, PartitionId partition)
    {
        string queue = SubscriptionName.Read(partition.Queue).Queue;
        if (!places.Knows(queue))
        {
            await keeper.FindAsync(queue);
        }

        return places.OwnerOf(partition);
    }

    private SiloAddress KeeperOf(SiloAddress[] silos)
    {
        IPEndPoint keeping = options.Value.Keeper
            ?? throw new GranaryUnavailableException("This cluster keeps no queues: no silo was told to.");
        return Array.Find(silos, silo => silo.Endpoint.Equals(keeping))
            ?? throw new GranaryUnavailableException($"The silo at {keeping}, which keeps the queues, is not there.");
    }
}
