using Granary.Client;
using Granary.ClusterTests.Silos;
using Granary.Queues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.Queues;

/// <summary>What happens to messages whose worker, silo or gateway goes, by real processes and the .NET client.</summary>
public sealed class QueueLifeTests(ITestOutputHelper output)
{
    private const string Queue = "life";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Sample_TellsItsStoryAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        string[] lines = await SampleProgram.RunAsync(home, output, "queue");

        Assert.Contains(lines, line => line.Contains("and dies", StringComparison.Ordinal)); // a process, with leases
        Assert.Contains(lines, line => line.Contains("which had failed 1 time(s)", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("dead letter order-7: MaxDeliveryCountExceeded", StringComparison.Ordinal));
        Assert.Equal(3, lines.Count(line => line.EndsWith("order 7 cannot be shipped", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.Contains("shipped order 7", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("dead 0; completed 10", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Receiver_ThatHangsBeyondItsLease_LosesTheLockAndChangesNothingAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        await queues.Administration.PutAsync(Definition(new QueueOptions { RetryDelay = TimeSpan.Zero }));
        await queues.CreateSender(Queue).SendAsync("work");
        IQueueReceiver slow = queues.CreateReceiver(Queue, new QueueReceiverOptions { LeaseDuration = TimeSpan.FromSeconds(1) });
        IQueueReceiver other = queues.CreateReceiver(Queue);

        ReceivedMessage first = Assert.Single(await slow.ReceiveAsync(1, Deadline));
        ReceivedMessage second = Assert.Single(await other.ReceiveAsync(1, Deadline));

        Assert.Equal((1, 2), (second.DeliveryCount, second.AcquiredCount));
        await Assert.ThrowsAsync<GranaryLockLostException>(() => slow.CompleteAsync(first));
        await Assert.ThrowsAsync<GranaryLockLostException>(() => slow.DeadLetterAsync(first, "late"));
        Assert.Equal(1, (await queues.Administration.GetStatisticsAsync(Queue)).Leased);
        await other.CompleteAsync(second);
        Assert.Equal(default, Depth(await queues.Administration.GetStatisticsAsync(Queue)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_OfTheSilo_LeavesLeasesAndCountsAsTheyWereAsync(bool graceful)
    {
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        IQueueSender sender = queues.CreateSender(Queue);
        IQueueReceiver receiver = queues.CreateReceiver(Queue);
        await sender.SendBatchAsync([.. Enumerable.Range(0, 20).Select(number => QueueMessage.Of(number))]);
        List<ReceivedMessage> leased = [.. await receiver.ReceiveAsync(10, Deadline)];
        Task<IReadOnlyList<ReceivedMessage>> waiting =
            (await home.QueuesAsync()).CreateReceiver("empty").ReceiveAsync(1, TimeSpan.FromSeconds(60));

        if (graceful)
        {
            Assert.Equal(0, await home.Silo.TerminateAsync()); // although somebody waits
        }
        else
        {
            home.Silo.Kill();
        }

        await home.RestartAsync();
        foreach (ReceivedMessage message in leased)
        {
            await receiver.CompleteAsync(message); // done before, and nobody else has had it
        }

        while (await receiver.ReceiveAsync(20, TimeSpan.FromSeconds(1)) is { Count: > 0 } more)
        {
            Assert.All(more, message => Assert.Equal(0, message.DeliveryCount));
            leased.AddRange(more);
            await Task.WhenAll(more.Select(message => receiver.CompleteAsync(message)));
        }

        Assert.Equal(Enumerable.Range(0, 20), leased.Select(message => message.As<int>()).Order());
        await queues.CreateSender("empty").SendAsync("at last");
        Assert.Equal("at last", Assert.Single(await waiting).As<string>());
    }

    [Fact]
    public async Task Receiver_WhoseGatewayDies_GoesOnThroughAnotherAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        await using SiloProcess other = await SiloProcess.StartAsync("other", "64MiB", home.Silo);
        IGranaryQueues queues = await home.QueuesAsync(other);
        using CancellationTokenSource end = new(TimeSpan.FromMinutes(1));
        await using IAsyncEnumerator<ReceivedMessage> messages =
            queues.CreateReceiver(Queue).ReceiveAllAsync(end.Token).GetAsyncEnumerator(end.Token);

        await queues.CreateSender(Queue).SendAsync("before");
        Assert.True(await messages.MoveNextAsync());
        ValueTask<bool> next = messages.MoveNextAsync();
        other.Kill();
        await queues.CreateSender(Queue).SendAsync(QueueMessage.Of("after") with { MessageId = "after" });

        Assert.True(await next);
        Assert.Equal("after", messages.Current.As<string>());
    }

    [Fact]
    public async Task Message_SentToOneSilo_WakesWhoWaitsAtAnotherAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        await using SiloProcess other = await SiloProcess.StartAsync("other", "64MiB", home.Silo);
        IQueueReceiver receiver = (await home.QueuesAsync(other)).CreateReceiver(Queue);
        IQueueSender sender = (await home.QueuesAsync()).CreateSender(Queue);

        for (int number = 0; number < 20; number++)
        {
            Task<IReadOnlyList<ReceivedMessage>> waiting = receiver.ReceiveAsync(1, Deadline);
            await sender.SendAsync(number);
            ReceivedMessage received = Assert.Single(await waiting);
            Assert.Equal(number, received.As<int>());
            await receiver.CompleteAsync(received);
        }
    }

    [Fact]
    public async Task Receive_ThatIsCancelled_EndsAtTheSiloAndTakesNothingLaterAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        await using SiloProcess other = await SiloProcess.StartAsync("other", "64MiB", home.Silo);
        IHost client = await home.ConnectAsync(other);
        IQueueGrain queue = client.Services.GetRequiredService<IClusterClient>().GetGrain<IQueueGrain>(Queue);
        using CancellationTokenSource cancellation = new();
        Task<LeasedContent[]> waiting = queue.ReceiveAsync(1, QueueLimits.MaxWait, null, cancellation.Token).AsTask();
        await queue.GetStatisticsAsync(); // behind it

        await cancellation.CancelAsync();

        Assert.Empty(await waiting.WaitAsync(QueueLimits.MaxWait / 2));
        await (await home.QueuesAsync()).CreateSender(Queue).SendAsync("work");
        LeasedContent received = Assert.Single(await queue.ReceiveAsync(1, QueueLimits.MaxWait, null, default));
        Assert.Equal(1, received.Lease.AcquiredCount);
    }

    [Fact]
    public async Task Messages_ThatAreScheduled_AreNeverEarlyAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        IQueueSender sender = queues.CreateSender(Queue);
        IQueueReceiver receiver = queues.CreateReceiver(Queue);
        DateTimeOffset begin = TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(500);
        MessagePosition far = await sender.ScheduleAsync(QueueMessage.Of("never"), begin + TimeSpan.FromHours(1));
        await sender.SendBatchAsync([.. Enumerable.Range(0, 200).Select(number =>
            Scheduled(begin + TimeSpan.FromMilliseconds(number * 5)))]);

        List<double> late = [];
        List<Task> settling = [];
        while (late.Count < 200)
        {
            IReadOnlyList<ReceivedMessage> due = await receiver.ReceiveAsync(10, Deadline);
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            late.AddRange(due.Select(message => (now - message.As<DateTimeOffset>()).TotalMilliseconds));
            settling.AddRange(due.Select(message => receiver.CompleteAsync(message)));
        }

        await Task.WhenAll(settling);

        late.Sort();
        output.WriteLine($"late by {late[100]:F1} ms (median), {late[^3]:F1} ms (99th percentile)");
        Assert.True(late[0] >= 0, $"{late[0]} ms late");
        Assert.True(await sender.CancelScheduledAsync(far));
        Assert.False(await sender.CancelScheduledAsync(far));
        Assert.Equal(default, Depth(await queues.Administration.GetStatisticsAsync(Queue)));
    }

    [Fact]
    public async Task Statistics_AreWhatWasDoneAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        IQueueSender sender = queues.CreateSender(Queue);
        IQueueReceiver receiver = queues.CreateReceiver(Queue);
        await sender.SendBatchAsync([.. Enumerable.Range(0, 10).Select(number => QueueMessage.Of(number))]);
        await sender.SendAsync(QueueMessage.Of(10) with { ScheduledTime = TimeProvider.System.GetUtcNow() + TimeSpan.FromHours(1) });
        List<ReceivedMessage> received = [];
        while (received.Count < 5)
        {
            received.AddRange(await receiver.ReceiveAsync(5 - received.Count, Deadline));
        }

        await receiver.CompleteAsync(received[0]);
        await receiver.AbandonAsync(received[1], "not now", TimeSpan.FromHours(1));
        await receiver.DeferAsync(received[2]);
        await receiver.DeadLetterAsync(received[3], "poison", "it smells");

        QueueStatistics now = await queues.Administration.GetStatisticsAsync(Queue);
        Assert.Equal((5, 2, 1, 1, 1), (now.Ready, now.Delayed, now.Leased, now.Deferred, now.Dead));
        Assert.Equal(
            (11, 5, 1, 1, 1),
            (now.Total.Sent, now.Total.Received, now.Total.Completed, now.Total.Abandoned, now.Total.DeadLettered));
        PeekedMessage dead = Assert.Single(await queues.Administration.PeekAsync(Queue, MessageState.Dead).ToListAsync());
        Assert.Equal(("poison", "it smells"), (dead.DeadLetterReason, dead.DeadLetterDetails));
        Assert.Equal(
            received[2].As<int>(),
            Assert.Single(await receiver.ReceiveDeferredAsync([received[2].Position])).As<int>());
        Assert.Equal(0, await queues.Administration.RedriveAsync(Queue, new DeadFilter("another reason")));
        Assert.Equal(1, await queues.Administration.PurgeAsync(Queue, MessageState.Dead));
        Assert.Equal(Queue, Assert.Single(await queues.Administration.ListAsync()).Name);
        Assert.True(await queues.Administration.DeleteAsync(Queue));
        Assert.Empty(await queues.Administration.ListAsync());
        await Assert.ThrowsAsync<GranaryLockLostException>(() => receiver.CompleteAsync(received[4]));
    }

    [Fact]
    public async Task Call_ThatMakesNoSense_SaysWhyAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        IQueueSender sender = queues.CreateSender(Queue);
        await queues.Administration.PutAsync(Definition(new QueueOptions { MaxMessageBytes = 1000, MaxLength = 2 }, partitions: 1));

        Assert.Contains("'a b'", Assert.Throws<ArgumentException>(() => queues.CreateSender("a b")).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<GranaryValueTooLargeException>(() => sender.SendAsync(new byte[1001]));
        await Assert.ThrowsAsync<GranaryValueTooLargeException>(() => sender.SendAsync(new byte[2 << 20]));
        await Assert.ThrowsAsync<ArgumentException>(
            () => sender.SendAsync(QueueMessage.Of(1) with { TimeToLive = TimeSpan.Zero }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => queues.CreateReceiver(Queue).ReceiveAsync(0, TimeSpan.Zero));
        await Assert.ThrowsAsync<ArgumentException>(() => queues.Administration.PutAsync(Definition(new(), partitions: 2)));
        await sender.SendBatchAsync([QueueMessage.Of(1), QueueMessage.Of(2)]);
        await Assert.ThrowsAsync<GranaryQueueFullException>(() => sender.SendAsync(3));
        Assert.Equal(2, (await queues.Administration.GetStatisticsAsync(Queue)).Ready);
    }

    private static QueueMessage Scheduled(DateTimeOffset due) => QueueMessage.Of(due) with { ScheduledTime = due };

    private static QueueDefinition Definition(QueueOptions options, int partitions = 8) => new(Queue, partitions, options);

    private static (long, long, long, long, long) Depth(QueueStatistics now) =>
        (now.Ready, now.Delayed, now.Leased, now.Deferred, now.Dead);
}
