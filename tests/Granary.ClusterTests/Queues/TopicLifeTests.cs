using Granary.Client;
using Granary.Queues;

namespace Granary.ClusterTests.Queues;

/// <summary>Topics and subscriptions, by real silos and the .NET client.</summary>
public sealed class TopicLifeTests(ITestOutputHelper output)
{
    private const string Topic = "orders";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Subscriptions_HaveWhatTheyAskForEachAtItsOwnPaceAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        await PutAsync(queues, "all");
        await PutAsync(queues, "paid", new MessageFilter { Subjects = ["order.*.paid"] });
        await PutAsync(queues, "north", new MessageFilter
        {
            Subjects = ["order.>"],
            Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = "north" },
        });
        IQueueSender sender = queues.CreateSender(Topic);

        for (int number = 0; number < 60; number++)
        {
            await sender.SendAsync(QueueMessage.Of(number) with
            {
                Subject = $"order.{number}.{(number % 3 == 0 ? "paid" : "sent")}",
                Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["region"] = number % 2 == 0 ? "north" : "south" },
            });
        }

        Assert.Equal(Enumerable.Range(0, 60), await TakeAsync(queues, "all", 60));
        Assert.Equal(Enumerable.Range(0, 60).Where(number => number % 3 == 0), await TakeAsync(queues, "paid", 20));
        home.Silo.Kill();
        await home.RestartAsync();
        queues = await home.QueuesAsync();
        Assert.Equal(Enumerable.Range(0, 60).Where(number => number % 2 == 0), await TakeAsync(queues, "north", 30));
        Assert.Empty(await queues.CreateReceiver($"{Topic}/all").ReceiveAsync(1, TimeSpan.Zero));
    }

    [Fact]
    public async Task Messages_ThatAreRetained_ComeAgainToWhoSeeksOrComesLateAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        IQueueAdministration administration = queues.Administration;
        await administration.PutAsync(new QueueDefinition(Topic, 4, new QueueOptions())
        {
            Topic = new TopicOptions { Retention = TimeSpan.FromHours(1) },
        });
        await PutAsync(queues, "first");
        IQueueSender sender = queues.CreateSender(Topic);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => sender.SendAsync(number)));
        Assert.Equal(Enumerable.Range(0, 100), await TakeAsync(queues, "first", 100));
        DateTimeOffset later = TimeProvider.System.GetUtcNow();
        await Task.WhenAll(Enumerable.Range(100, 50).Select(number => sender.SendAsync(number)));
        Assert.Equal(Enumerable.Range(100, 50), await TakeAsync(queues, "first", 50));

        await administration.PutSubscriptionAsync(
            Topic, new SubscriptionDefinition("late") { Start = SubscriptionStart.Beginning });
        Assert.Equal(Enumerable.Range(0, 150), await TakeAsync(queues, "late", 150));
        await administration.SeekAsync(Topic, "first", SubscriptionStart.At(later));
        Assert.Equal(Enumerable.Range(100, 50), await TakeAsync(queues, "first", 50));
        await administration.SeekAsync(Topic, "first", SubscriptionStart.Beginning);
        Assert.Equal(Enumerable.Range(0, 150), await TakeAsync(queues, "first", 150));

        QueueStatistics left = await administration.GetStatisticsAsync($"{Topic}/first");
        Assert.Equal((0, 0), (left.Ready + left.Leased, left.Behind));
    }

    [Fact]
    public async Task Use_ThatMakesNoSense_SaysWhyAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        await PutAsync(queues, "all");
        await queues.CreateSender("plain").SendAsync("a message");

        await ThrowsAsync("is no name of a queue", () => Task.FromResult(queues.CreateSender($"{Topic}/all")));
        await ThrowsAsync(
            "'orders' is a topic: messages are received from its subscriptions.",
            () => queues.CreateReceiver(Topic).ReceiveAsync(1, TimeSpan.Zero));
        await ThrowsAsync(
            "There is no subscription 'none' of a topic 'orders'.",
            () => queues.CreateReceiver($"{Topic}/none").ReceiveAsync(1, TimeSpan.Zero));
        await ThrowsAsync(
            "'plain' is a queue, and has no subscriptions.",
            () => queues.Administration.PutSubscriptionAsync("plain", new SubscriptionDefinition("all")));
        await ThrowsAsync(
            "There is no subscription 'all' of a topic 'plain'.",
            () => queues.Administration.SeekAsync("plain", "all", SubscriptionStart.End));

        Assert.True(await queues.Administration.DeleteSubscriptionAsync(Topic, "all"));
        await ThrowsAsync(
            "There is no subscription 'all' of a topic 'orders'.",
            () => queues.CreateReceiver($"{Topic}/all").ReceiveAsync(1, TimeSpan.Zero));
        await PutAsync(queues, "all"); // another one, with nothing of the last
        await queues.CreateSender(Topic).SendAsync(1);
        Assert.Equal(1, Assert.Single(await TakeAsync(queues, "all", 1)));
    }

    [Fact]
    public async Task Sample_CountsExactlyAlthoughAJudgeIsKilledAsync()
    {
        await using QueueHome home = await QueueHome.StartAsync();

        string[] lines = await SampleProgram.RunAsync(home, output, "pi", "--samples", "3000", "--chaos", "--poison");

        Assert.Contains(lines, line => line.Contains("killed a judge after", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("dead letter, MaxDeliveryCountExceeded after 3 failures", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("3000 verdicts", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("0 dead letters", StringComparison.Ordinal));
    }

    private static async Task ThrowsAsync(string why, Func<Task> use)
    {
        ArgumentException error = await Assert.ThrowsAnyAsync<ArgumentException>(use);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    private static Task PutAsync(IGranaryQueues queues, string name, MessageFilter? filter = null) =>
        queues.Administration.PutSubscriptionAsync(
            Topic, new SubscriptionDefinition(name) { Filter = filter ?? MessageFilter.All });

    // Completes so many messages, and tells what was in them.
    private static async Task<int[]> TakeAsync(IGranaryQueues queues, string subscription, int count)
    {
        IQueueReceiver receiver = queues.CreateReceiver($"{Topic}/{subscription}");
        List<int> taken = [];
        while (taken.Count < count)
        {
            IReadOnlyList<ReceivedMessage> received = await receiver.ReceiveAsync(100, Deadline);
            Assert.NotEmpty(received);
            foreach (ReceivedMessage message in received)
            {
                taken.Add(message.As<int>());
                await receiver.CompleteAsync(message);
            }
        }

        return [.. taken.Order()];
    }
}
