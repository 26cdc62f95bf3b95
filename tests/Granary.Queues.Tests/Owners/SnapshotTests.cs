using Granary.Queues.Logs;
using Granary.Queues.Logs.Sqlite;
using Granary.Queues.Owners;
using Granary.Queues.Tests.Logs;

namespace Granary.Queues.Tests.Owners;

/// <summary>How much of its log a partition reads when it is opened.</summary>
public sealed class SnapshotTests : IDisposable
{
    private const int SmallCommits = 10_000;
    private const int MostRows = 4096; // of which a snapshot is due

    private readonly LogFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(10)] // none of them makes as many rows as a snapshot is due of
    public async Task SmallCommits_OfSomeOwners_AreNotAllReadAgain(int owners)
    {
        await using SqlitePartitionLog log = _folder.Open();
        OutgoingMessage[] message = [new OutgoingMessage { Body = new byte[1] }];
        for (int number = 0; number < owners; number++)
        {
            await using PartitionOwner owner =
                await LogFolder.OwnAsync(log, new QueueOptions { Durability = Durability.Relaxed });
            for (int sent = 0; sent < SmallCommits / owners; sent++)
            {
                await owner.SendAsync(message, Token); // a commit, and a row, of its own
            }
        }

        PartitionOpening opening = await log.OpenAsync(LogFolder.Partition, Token);

        Assert.Equal(SmallCommits, opening.NextOffset);
        Assert.InRange(opening.NextOffset - opening.SnapshotOffset, 0, MostRows);
    }
}
