using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Queues.Topics;

namespace Granary.Queues.Tests.Owners;

public sealed class QueueStorageTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("granary-storage-");

    public void Dispose() => _folder.Delete(recursive: true);

    // As after another silo has deleted it: this one was not told.
    [Fact]
    public async Task MemoryQueue_OfTheSameName_HasNothingOfTheLastAndOtherEpochsAsync()
    {
        await using QueueStorage storage = QueueStorage.OpenFolder(
            _folder.FullName, new SteadyTimeProvider(TimeProvider.System));
        PartitionId partition = new("orders", 0);
        PartitionDefinition first = Made();
        long epoch;
        await using (PartitionOwner owner = await storage.OpenAsync(partition, first, null, None))
        {
            epoch = owner.Epoch;
            await owner.SendAsync([new OutgoingMessage()], None);
        }

        await using (PartitionOwner owner = await storage.OpenAsync(partition, first, null, None))
        {
            Assert.Equal(1, (await owner.GetStatisticsAsync()).Ready);
        }

        await using PartitionOwner next = await storage.OpenAsync(partition, Made(), null, None);

        Assert.Equal(0, (await next.GetStatisticsAsync()).Ready);
        Assert.True(next.Epoch > epoch);
    }

    private static PartitionDefinition Made()
    {
        PartitionDefinition definition = Definitions.Queue(new QueueOptions { Durability = Durability.Memory });
        return definition with { Queue = definition.Queue with { Creation = Guid.NewGuid() } };
    }
}
