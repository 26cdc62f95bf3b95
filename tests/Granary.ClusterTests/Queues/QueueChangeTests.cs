using Granary.Client;
using Granary.ClusterTests.Silos;
using Granary.Queues;

namespace Granary.ClusterTests.Queues;

/// <summary>Queues that become others while they are in use, by real processes and the .NET client.</summary>
public sealed class QueueChangeTests
{
    private const string Queue = "changing";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Options_ThatChange_DisturbNobodyAsync()
    {
        const int Changes = 10;
        await using QueueHome home = await QueueHome.StartAsync();
        IGranaryQueues queues = await home.QueuesAsync();
        await PutAsync(queues, new QueueOptions());
        IQueueSender sender = queues.CreateSender(Queue);
        IQueueReceiver receiver = queues.CreateReceiver(Queue);
        await sender.SendAsync(-1);
        ReceivedMessage held = Assert.Single(await receiver.ReceiveAsync(1, Deadline));
        Task<IReadOnlyList<ReceivedMessage>> waiting = receiver.ReceiveAsync(1, Deadline);

        for (int change = 0; change < Changes; change++)
        {
            Task sending = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => sender.SendAsync(change)));
            await PutAsync(queues, new QueueOptions { LeaseDuration = TimeSpan.FromSeconds(31 + change) });
            await sending;
        }

        List<ReceivedMessage> received = [.. await waiting];
        while (received.Count < 20 * Changes)
        {
            IReadOnlyList<ReceivedMessage> more = await receiver.ReceiveAsync(100, Deadline);
            Assert.NotEmpty(more);
            received.AddRange(more);
        }

        Assert.All(received, static message => Assert.Equal((0, 1), (message.DeliveryCount, message.AcquiredCount)));
        Assert.DoesNotContain(received, static message => message.As<int>() < 0);
        Assert.Equal(TimeSpan.FromSeconds(30 + Changes), received[^1].LeaseDuration);
        await receiver.CompleteAsync(held);
        Assert.Equal(20 * Changes, (await queues.Administration.GetStatisticsAsync(Queue)).Leased);
    }

    [Fact]
    public async Task Queue_ThatIsMadeAgainWithOtherPartitions_IsRoutedByTheirNumberFromThenOnAsync()
    {
        const int Partitions = 64;
        await using QueueHome home = await QueueHome.StartAsync();
        await using SiloProcess other = await SiloProcess.StartAsync("other", "64MiB", home.Silo);
        IGranaryQueues here = await home.QueuesAsync();
        IGranaryQueues there = await home.QueuesAsync(other);
        await PutAsync(here, new QueueOptions());
        await here.CreateSender(Queue).SendAsync("lost");
        await there.CreateSender(Queue).SendAsync("lost"); // their silos know of two partitions

        Assert.True(await here.Administration.DeleteAsync(Queue));
        await PutAsync(here, new QueueOptions(), Partitions);
        Assert.Equal(0, (await there.Administration.GetStatisticsAsync(Queue)).Ready);
        string[] ids = [.. Enumerable.Range(0, 50).Select(static number => $"order-{number}")];
        SendReceipt[] first = await SendAsync(here, ids);
        SendReceipt[] second = await SendAsync(there, ids);

        Assert.Equal(
            ids.Select(static id => QueueRouting.PartitionOf(null, id, Partitions)!.Value),
            first.Select(static receipt => receipt.Position.Partition));
        Assert.All(second, static receipt => Assert.True(receipt.IsDuplicate));
        Assert.Equal(ids.Length, (await here.Administration.GetStatisticsAsync(Queue)).Ready);
    }

    private static Task<SendReceipt[]> SendAsync(IGranaryQueues queues, string[] ids)
    {
        IQueueSender sender = queues.CreateSender(Queue);
        return Task.WhenAll(ids.Select(id => sender.SendAsync(QueueMessage.Of(id) with { MessageId = id })));
    }

    private static Task PutAsync(IGranaryQueues queues, QueueOptions options, int partitions = 2) =>
        queues.Administration.PutAsync(new QueueDefinition(Queue, partitions, options));
}
