using Granary.Client;
using Granary.ClusterTests.Processes;
using Granary.Queues;

namespace Granary.ClusterTests.Queues;

/// <summary>The disk of a silo that keeps queues is full, by its messages or by what others write.</summary>
[Collection(ProcessCollection.Name)]
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const string Queue = "disk";
    private const int DiskMebibytes = 192; // twice what the silo keeps free, and messages
    private const int BodyBytes = 100_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Disk_ThatIsFull_TakesSettlementsAndNoSendsUntilThereIsRoomAgainAsync()
    {
        await using SmallDisk disk = await SmallDisk.MountAsync(DiskMebibytes);
        await using QueueHome home = await QueueHome.StartAsync(disk.Folder);
        IGranaryQueues queues = await home.QueuesAsync();
        IQueueSender sender = queues.CreateSender(Queue);
        IQueueReceiver receiver = queues.CreateReceiver(Queue);

        int sent = await SendUntilFullAsync(sender);
        disk.Fill(); // nothing at all is left but what the silo has set aside
        List<ReceivedMessage> received = [];
        while (received.Count < 20)
        {
            received.AddRange(await receiver.ReceiveAsync(4, Deadline));
        }

        await Assert.ThrowsAsync<GranaryQueueFullException>(() => sender.SendAsync(new byte[10]));
        foreach (ReceivedMessage message in received[..10])
        {
            await receiver.CompleteAsync(message);
        }

        foreach (ReceivedMessage message in received[10..])
        {
            await receiver.DeadLetterAsync(message, "full");
        }

        output.WriteLine($"{sent} messages of {BodyBytes} bytes until the disk of {DiskMebibytes} MiB was full");
        disk.Free();
        int left = sent - received.Count;
        for (; left > 0; left--)
        {
            await receiver.CompleteAsync(Assert.Single(await receiver.ReceiveAsync(1, Deadline)));
        }

        Assert.True(await SendUntilFullAsync(sender) > 100); // without a restart
        QueueStatistics now = await queues.Administration.GetStatisticsAsync(Queue);
        Assert.Equal((10, sent - 10), (now.Dead, now.Total.Completed));
    }

    private static async Task<int> SendUntilFullAsync(IQueueSender sender)
    {
        for (int sent = 0; ; sent++)
        {
            try
            {
                await sender.SendAsync(new byte[BodyBytes]);
            }
            catch (GranaryQueueFullException)
            {
                return sent;
            }
        }
    }
}
