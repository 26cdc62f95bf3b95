using Granary.Queues.Doors;
using Microsoft.Extensions.Logging;

namespace Granary.Queues.Grains;

internal sealed class QueueSiloService(
    GrainId id, Silo silo, ILoggerFactory loggers, WaitingReceivers waiting, QueueKeeper keeper, StoreReach reach)
    : GrainService(id, silo, loggers), IQueueSiloService
{
    public ValueTask<Dictionary<string, int>> GetWaitingReceiversAsync() => new(waiting.Read());

    public async ValueTask<bool> HearStoreIsLostAsync(SiloAddress silo)
    {
        bool isReached = await keeper.ReachesStoreAsync();
        if (isReached)
        {
            reach.Add(silo);
        }

        return isReached;
    }
}
