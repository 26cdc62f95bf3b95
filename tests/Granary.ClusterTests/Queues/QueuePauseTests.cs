using Granary.Client;
using Granary.ClusterTests.Silos;
using Granary.ClusterTests.Telemetry;
using Granary.Queues;

namespace Granary.ClusterTests.Queues;

/// <summary>What an operator's console does with queues and sees of them, by real processes and the .NET client.</summary>
public sealed class QueuePauseTests
{
    private const string Queue = "paused";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Queue_ThatIsPaused_GivesNothingOutAtAnySiloUntilItIsResumedAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        await using SiloProcess other = await SiloProcess.StartAsync("other", "64MiB", home.Silo);
        IGranaryQueues here = await home.QueuesAsync();
        IGranaryQueues there = await home.QueuesAsync(other);
        await PutAsync(here);
        IQueueSender sender = here.CreateSender(Queue);
        IQueueReceiver receiver = here.CreateReceiver(Queue);
        await sender.SendAsync("held");
        ReceivedMessage held = Assert.Single(await receiver.ReceiveAsync(1, Deadline));
        Task<IReadOnlyList<ReceivedMessage>>[] waiting =
        [
            receiver.ReceiveAsync(1, Deadline),
            there.CreateReceiver(Queue).ReceiveAsync(1, Deadline),
        ];
        await WaitForWaitingAsync(here, Queue, 2);

        Assert.True(await here.Administration.PauseAsync(Queue));
        await PutAsync(there); // a worker that starts
        await sender.SendBatchAsync([QueueMessage.Of("first"), QueueMessage.Of("second")]);

        Assert.True((await here.Administration.FindAsync(Queue))!.IsPaused);
        Assert.Empty(await receiver.ReceiveAsync(1, TimeSpan.Zero));
        Assert.Empty(await there.CreateReceiver(Queue).ReceiveAsync(1, TimeSpan.Zero));
        await receiver.RenewAsync(held);
        await receiver.CompleteAsync(held);
        Assert.Equal(2, (await here.Administration.GetStatisticsAsync(Queue)).Ready);
        Assert.All(waiting, static one => Assert.False(one.IsCompleted));
        Assert.Equal(2, await ScrapedAsync("paused", home.Silo)); // partitions
        Assert.Equal(2, await ScrapedAsync("waiting_receivers", home.Silo, other)); // at which is the clients' choice

        Assert.True(await there.Administration.ResumeAsync(Queue));

        IReadOnlyList<ReceivedMessage>[] served = await Task.WhenAll(waiting).WaitAsync(Deadline);
        Assert.Equal(
            ["first", "second"],
            served.Select(static one => Assert.Single(one).As<string>()).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        await WaitForWaitingAsync(here, Queue, 0);
    }

    [Fact]
    public async Task Subscription_ThatIsPaused_StaysSoOverARestartAndMissesNothingAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        IQueueAdministration administration = queues.Administration;
        await administration.PutSubscriptionAsync("orders", new SubscriptionDefinition("billing"));
        await administration.PutSubscriptionAsync("orders", new SubscriptionDefinition("shipping"));
        Assert.True(await administration.PauseAsync("orders/billing"));
        await queues.CreateSender("orders").SendAsync(1);
        home.Silo.Kill();
        await home.RestartAsync();

        await queues.CreateSender("orders").SendAsync(2);
        IQueueReceiver billing = queues.CreateReceiver("orders/billing");
        Task<IReadOnlyList<ReceivedMessage>> waiting = billing.ReceiveAsync(1, Deadline);
        Assert.Equal([1, 2], (await TakeAsync(queues.CreateReceiver("orders/shipping"), 2)).Order());
        Assert.Equal([true, false], (await administration.FindAsync("orders"))!.Subscriptions.Select(static one => one.IsPaused));
        Assert.False(waiting.IsCompleted);

        Assert.True(await administration.ResumeAsync("orders/billing"));

        int first = Assert.Single(await waiting.WaitAsync(Deadline)).As<int>();
        Assert.Equal([1, 2], (await TakeAsync(billing, 1)).Append(first).Order());
    }

    [Fact]
    public async Task Message_ThatIsDeferred_AndNamesThatCannotBePaused_AreRefusedAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        IQueueReceiver receiver = queues.CreateReceiver(Queue);
        await queues.CreateSender(Queue).SendAsync("later");
        ReceivedMessage message = Assert.Single(await receiver.ReceiveAsync(1, Deadline));
        await receiver.DeferAsync(message);
        Assert.True(await queues.Administration.PauseAsync(Queue));

        await Assert.ThrowsAsync<GranaryQueuePausedException>(() => receiver.ReceiveDeferredAsync([message.Position]));
        await queues.Administration.ResumeAsync(Queue);
        Assert.Single(await receiver.ReceiveDeferredAsync([message.Position]));

        await queues.Administration.PutSubscriptionAsync("orders", new SubscriptionDefinition("billing"));
        ArgumentException error =
            await Assert.ThrowsAnyAsync<ArgumentException>(() => queues.Administration.PauseAsync("orders"));
        Assert.Contains("'orders' is a topic", error.Message, StringComparison.Ordinal);
        Assert.False(await queues.Administration.PauseAsync("orders/none"));
        Assert.False(await queues.Administration.PauseAsync("none"));
        Assert.Null(await queues.Administration.FindAsync("none"));
    }

    [Fact]
    public async Task Messages_ThatFail_AreToldTheOldestFirstOfAllPartitionsAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        await queues.Administration.PutAsync(new QueueDefinition(Queue, 4, new QueueOptions()));
        IQueueReceiver receiver = queues.CreateReceiver(Queue);
        for (int number = 0; number < 8; number++)
        {
            await queues.CreateSender(Queue).SendAsync(number); // to one partition after the other
            await Task.Delay(2); // another millisecond
            ReceivedMessage message = Assert.Single(await receiver.ReceiveAsync(1, Deadline));
            await (number % 2 == 0
                ? receiver.AbandonAsync(message, $"reason {number}", TimeSpan.FromHours(1))
                : receiver.DeferAsync(message));
        }

        IReadOnlyList<PeekedMessage> failing = await queues.Administration.PeekFailingAsync(Queue, 3);

        Assert.Equal([0, 2, 4], failing.Select(static one => one.Content.As<int>()));
        Assert.Equal(
            [(1, "reason 0"), (1, "reason 2"), (1, "reason 4")],
            failing.Select(static one => (one.DeliveryCount, Assert.Single(one.Failures).Reason)));
        Assert.Equal(4, (await queues.Administration.PeekFailingAsync(Queue)).Count);
    }

    private static Task PutAsync(IGranaryQueues queues) =>
        queues.Administration.PutAsync(new QueueDefinition(Queue, 2, new QueueOptions()));

    // What a client has asked for comes to the silo some time.
    private static async Task WaitForWaitingAsync(IGranaryQueues queues, string queue, int count)
    {
        using CancellationTokenSource deadline = new(Deadline);
        while ((await queues.Administration.GetWaitingReceiversAsync(deadline.Token)).GetValueOrDefault(queue) != count)
        {
            await Task.Delay(50, deadline.Token);
        }
    }

    private static async Task<double> ScrapedAsync(string level, params SiloProcess[] silos)
    {
        double sum = 0;
        foreach (SiloProcess silo in silos)
        {
            Scrape scrape = await Scrape.OfAsync(silo, CancellationToken.None);
            string series = $"granary_queue_{level}{{queue=\"{Queue}\"}}";
            sum += scrape.Has(series) ? scrape[series] : 0;
        }

        return sum;
    }

    private static async Task<List<int>> TakeAsync(IQueueReceiver receiver, int count)
    {
        List<int> taken = [];
        while (taken.Count < count)
        {
            IReadOnlyList<ReceivedMessage> received = await receiver.ReceiveAsync(count - taken.Count, Deadline);
            Assert.NotEmpty(received);
            foreach (ReceivedMessage message in received)
            {
                taken.Add(message.As<int>());
                await receiver.CompleteAsync(message);
            }
        }

        return taken;
    }
}
