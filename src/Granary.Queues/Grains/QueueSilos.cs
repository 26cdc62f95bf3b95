using Microsoft.Extensions.Logging;
using Orleans.Runtime.Services;

namespace Granary.Queues.Grains;

/// <summary>All silos of the cluster, which are asked one by one what only each of them knows. Thread-safe.</summary>
internal sealed class QueueSilos(IServiceProvider services, ISiloStatusOracle silos, ILogger<QueueSilos> logger)
    : GrainServiceClient<IQueueSiloService>(services)
{
    /// <summary>Receives that wait for a message, by queue or subscription, of those that answer.</summary>
    public async Task<Dictionary<string, int>> GetWaitingReceiversAsync()
    {
        Dictionary<string, int>[] all = await Task.WhenAll(
            silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(AskAsync));
        return all
            .SelectMany(static one => one)
            .GroupBy(static one => one.Key, StringComparer.Ordinal)
            .ToDictionary(static one => one.Key, static one => one.Sum(silo => silo.Value), StringComparer.Ordinal);
    }

    /// <summary>Tells a silo that another one does not reach the queues' database.</summary>
    /// <returns>Whether that one does; false if it does not answer.</returns>
    public async Task<bool> TellStoreIsLostAsync(SiloAddress silo, SiloAddress without)
    {
        try
        {
            return await GetGrainService(silo).HearStoreIsLostAsync(without);
        }
        catch (Exception exception) // the edge: one silo
        {
            logger.NotAsked($"{silo}", exception);
            return false;
        }
    }

    // Who waits at one that dies comes to another one soon; a silo of a build before this cannot be asked.
    private async Task<Dictionary<string, int>> AskAsync(SiloAddress silo)
    {
        try
        {
            return await GetGrainService(silo).GetWaitingReceiversAsync();
        }
        catch (Exception exception) // the edge: one silo
        {
            logger.NotAsked($"{silo}", exception);
            return [];
        }
    }
}
