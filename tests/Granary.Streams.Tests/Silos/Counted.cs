using Granary.Queues;
using Granary.Streams.Partitions;

namespace Granary.Streams.Tests.Silos;

/// <summary>What a provider's queue counts.</summary>
internal static class Counted
{
    public static async Task WaitAsync(TestSilo silo, string provider, Func<QueueStatistics, bool> until)
    {
        IQueueGrain queue = silo.Grains.GetGrain<IQueueGrain>(ProviderQueue.NameOf(provider));
        long began = TimeProvider.System.GetTimestamp();
        QueueStatistics now;
        while (!until(now = await queue.GetStatisticsAsync()))
        {
            if (TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(20))
            {
                throw new TimeoutException($"The queue of '{provider}' has {now}.");
            }

            await Task.Delay(10);
        }
    }

    public static async Task<IReadOnlyList<MessageDescription>> DeadAsync(TestSilo silo, string provider)
    {
        PeekedContent[] dead = await silo.Grains.GetGrain<IQueueGrain>(ProviderQueue.NameOf(provider))
            .PeekAsync(MessageState.Dead, new MessagePosition(0, 0), 1000);
        return [.. dead.Select(one => one.Description)];
    }
}
