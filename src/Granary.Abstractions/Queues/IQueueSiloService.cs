using Orleans.Services;

namespace Granary.Queues;

/// <summary>Silo to silo: what one silo knows of those that use queues through it.</summary>
[Alias("granary.IQueueSiloService")]
public interface IQueueSiloService : IGrainService
{
    /// <summary>Receives that wait for a message at this silo now, by queue or subscription.</summary>
    [Alias("GetWaitingReceivers"), ResponseTimeout("00:00:02")]
    ValueTask<Dictionary<string, int>> GetWaitingReceiversAsync();
}
