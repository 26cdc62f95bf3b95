using Orleans.Services;

namespace Granary.Queues;

/// <summary>Silo to silo: what one silo knows of the queues that others do not.</summary>
[Alias("granary.IQueueSiloService")]
public interface IQueueSiloService : IGrainService
{
    /// <summary>Receives that wait for a message at this silo now, by queue or subscription.</summary>
    [Alias("GetWaitingReceivers"), ResponseTimeout("00:00:02")]
    ValueTask<Dictionary<string, int>> GetWaitingReceiversAsync();

    /// <summary>A silo does not reach the queues' database. If the answering one does, that one owns no partitions for a while.</summary>
    /// <returns>Whether the answering silo reaches it.</returns>
    [Alias("HearStoreIsLost"), ResponseTimeout("00:00:03")]
    ValueTask<bool> HearStoreIsLostAsync(SiloAddress silo);
}
