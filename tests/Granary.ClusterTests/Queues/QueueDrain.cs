using System.Diagnostics;
using Granary.Client;
using Granary.Queues;

namespace Granary.ClusterTests.Queues;

/// <summary>Waits until workers have done all that there is.</summary>
internal static class QueueDrain
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2); // with no message done

    /// <returns>What is there then.</returns>
    public static async Task<QueueStatistics> WaitAsync(IQueueAdministration administration, string queue)
    {
        var clock = Stopwatch.StartNew();
        long least = long.MaxValue;
        QueueStatistics left = await administration.GetStatisticsAsync(queue);
        while (left.Ready + left.Delayed + left.Leased + left.Behind is > 0 and var count)
        {
            if (count < least)
            {
                least = count;
                clock.Restart();
            }

            Assert.True(clock.Elapsed < Patience, $"No message was done for {Patience}: {left}");
            await Task.Delay(100);
            left = await administration.GetStatisticsAsync(queue);
        }

        return left;
    }
}
