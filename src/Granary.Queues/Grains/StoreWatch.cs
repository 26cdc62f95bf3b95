using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.Queues.Grains;

/// <summary>
/// Asks the queues' database every second whether it answers. A silo that does not reach it tells the others; if one of them
/// does, its partitions go there. While nobody reaches it they stay where they are.
/// </summary>
internal sealed class StoreWatch(
    QueueKeeper keeper, QueueSilos silos, IClusterMembers members, StoreReach reach, TimeProvider time, ILogger<StoreWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // One slow answer moves nothing.
    private const int Misses = 2;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        int misses = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            misses = await LookAsync(misses);
        }
    }

    /// <returns>How often in a row the database has not answered by now.</returns>
    private async Task<int> LookAsync(int misses)
    {
        try
        {
            bool wasWithout = reach.Without.Contains(members.Self);
            misses = await keeper.ReachesStoreAsync() ? 0 : misses + 1;
            if (misses >= Misses)
            {
                await TellAsync();
            }

            reach.Forget();
            if (reach.Without.Contains(members.Self) is var isWithout && isWithout != wasWithout)
            {
                logger.ReachesStore(!isWithout);
            }
        }
        catch (Exception exception) // the edge: one look; a service that throws would end the silo
        {
            logger.NotLooked(exception);
        }

        return misses;
    }

    // Those that do not reach it either are no place for partitions; nor are those that do not answer.
    private async Task TellAsync()
    {
        SiloAddress[] others = [.. members.Owners.Values.Where(silo => !silo.Equals(members.Self))];
        bool[] reaching = await Task.WhenAll(others.Select(silo => silos.TellStoreIsLostAsync(silo, members.Self)));
        if (reaching.Contains(true))
        {
            reach.Add(members.Self);
            for (int index = 0; index < others.Length; index++)
            {
                if (!reaching[index])
                {
                    reach.Add(others[index]);
                }
            }
        }
    }
}
