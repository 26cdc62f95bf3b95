using System.Diagnostics;
using Granary.Client;
using Granary.ClusterTests.Processes;
using Granary.Queues;

namespace Granary.ClusterTests.Queues;

/// <summary>The wall clock of the silo that keeps the queues jumps, and leases, delays and lifetimes go on as they were.</summary>
[Collection(ProcessCollection.Name)]
public sealed class QueueClockTests(ITestOutputHelper output)
{
    private const string Queue = "clock";

    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Early = TimeSpan.FromMilliseconds(100); // the sender's clock and the silo's begin together
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // libfaketime reads its file anew after a second.
    private static readonly TimeSpan FollowTime = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Jump_OfTheSilosClock_ChangesNoLeaseNoDelayAndNoLifetimeAsync(int hours)
    {
        HandRun.SkipUnlessLong(); // PartitionOwnerTests has it without a process
        using var clock = FakeClock.Create();
        await using QueueHome home = await QueueHome.StartAsync(place: clock.Place);
        IGranaryQueues queues = await home.QueuesAsync();
        await queues.Administration.PutAsync(
            new QueueDefinition(Queue, Partitions: 1, new QueueOptions { TimeToLive = TimeSpan.FromMinutes(10) }));
        IQueueSender sender = queues.CreateSender(Queue);
        IQueueReceiver receiver = queues.CreateReceiver(Queue, new QueueReceiverOptions { LeaseDuration = TimeSpan.FromMinutes(5) });
        await sender.SendBatchAsync([QueueMessage.Of("leased"), QueueMessage.Of("waiting")]);
        ReceivedMessage leased = Assert.Single(await receiver.ReceiveAsync(1, Deadline));
        await sender.ScheduleAsync(QueueMessage.Of("delayed"), TimeProvider.System.GetUtcNow() + Delay);
        var since = Stopwatch.StartNew();

        clock.Set(TimeSpan.FromHours(hours));
        await Task.Delay(FollowTime, TestContext.Current.CancellationToken);

        QueueStatistics statistics = await queues.Administration.GetStatisticsAsync(Queue);
        Assert.Equal((1, 1, 1, 0), (statistics.Leased, statistics.Ready, statistics.Delayed, statistics.Dead));
        await receiver.CompleteAsync(leased); // it is still ours
        ReceivedMessage waiting = Assert.Single(await receiver.ReceiveAsync(1, Deadline)); // it has not expired
        ReceivedMessage delayed = Assert.Single(await receiver.ReceiveAsync(1, Deadline));
        TimeSpan after = since.Elapsed;
        output.WriteLine($"Delayed by {Delay}, received after {after}.");
        Assert.Equal(("waiting", "delayed"), (waiting.As<string>(), delayed.As<string>()));
        Assert.InRange(after, Delay - Early, Delay + FollowTime);
    }
}
