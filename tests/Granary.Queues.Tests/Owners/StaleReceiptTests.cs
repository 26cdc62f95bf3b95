using Granary.Queues.Logs;
using Granary.Queues.Logs.Sqlite;
using Granary.Queues.Owners;
using Granary.Queues.Tests.Logs;

namespace Granary.Queues.Tests.Owners;

/// <summary>A receipt is about one message for ever, also when its offset is given again.</summary>
public sealed class StaleReceiptTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly OutgoingMessage Message = new() { Body = new byte[] { 1 } };

    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Receipt_FromBeforeTheQueueWasDeleted_IsWorthNothing()
    {
        await using SqlitePartitionLog log = _folder.Open();
        Receipt old = await LeaseOneAsync(log);
        await new SqliteQueueCatalog(log).DeleteAsync(LogFolder.Partition.Queue, None);

        await AssertWorthNothingAsync(log, old);
    }

    [Fact]
    public async Task Receipt_OfAMemoryQueue_IsWorthNothingInTheNextProcess()
    {
        Receipt old = await LeaseOneAsync(new MemoryPartitionLog(firstEpoch: 1000));

        await AssertWorthNothingAsync(new MemoryPartitionLog(firstEpoch: 2000), old);
    }

    [Fact]
    public async Task Receipt_ForAMessageThatTheLogHasLost_IsWorthNothing()
    {
        MemoryPartitionLog log = new();
        Receipt old = await LeaseOneAsync(log);
        log.Delete(LogFolder.Partition.Queue); // as after a loss of power, with relaxed durability
        await using (await LogFolder.OwnAsync(log))
        {
            // The epoch of the receipt is now the one before the next.
        }

        await AssertWorthNothingAsync(log, old);
    }

    [Fact]
    public async Task Receipt_OfTheOwnerBefore_IsGoodWhileNobodyHasHadTheMessage()
    {
        await using SqlitePartitionLog log = _folder.Open();
        Receipt old = await LeaseOneAsync(log);
        await using PartitionOwner next = await LogFolder.OwnAsync(log);

        Assert.Equal(SettleOutcome.Done, await next.ExecuteAsync((partition, now) => partition.Complete(old, now)));
    }

    private static async Task<Receipt> LeaseOneAsync(IPartitionLog log)
    {
        await using PartitionOwner owner = await LogFolder.OwnAsync(log);
        await owner.SendAsync([Message], None);
        return Assert.Single(await owner.ReceiveAsync(1, null, None)).Lease.Receipt;
    }

    private static async Task AssertWorthNothingAsync(IPartitionLog log, Receipt receipt)
    {
        await using PartitionOwner owner = await LogFolder.OwnAsync(log);
        SendResult sent = Assert.Single(await owner.SendAsync([Message], None));
        Assert.Equal(receipt.Position, sent.Position);

        Assert.Equal(SettleOutcome.LockLost, await owner.ExecuteAsync((partition, now) => partition.Complete(receipt, now)));
        Assert.Equal(SettleOutcome.LockLost, await owner.ExecuteAsync((partition, now) => partition.Renew(receipt, null, now)));
        Assert.Single(await owner.ReceiveAsync(1, null, None));
    }
}
