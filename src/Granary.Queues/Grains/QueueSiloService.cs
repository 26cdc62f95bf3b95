using Granary.Queues.Doors;
using Microsoft.Extensions.Logging;

namespace Granary.Queues.Grains;

internal sealed class QueueSiloService(GrainId id, Silo silo, ILoggerFactory loggers, WaitingReceivers waiting)
    : GrainService(id, silo, loggers), IQueueSiloService
{
    public ValueTask<Dictionary<string, int>> GetWaitingReceiversAsync() => new(waiting.Read());
}
