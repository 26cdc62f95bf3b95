using Granary.Queues.Logs;
using Granary.Queues.Owners;

namespace Granary.Queues.Tests.Logs;

/// <summary>What holds for every log that survives its process.</summary>
public abstract class PartitionLogContract
{
    protected static CancellationToken None => CancellationToken.None;

    /// <summary>Whether an owner that is closed leaves its leases to the next, in another process too.</summary>
    protected abstract bool KeepsLeases { get; }

    [Fact]
    public async Task Owner_OpenedAgain_FindsWhatWasConfirmed()
    {
        await using (IPartitionLog log = await OpenAsync())
        {
            await using PartitionOwner owner = await LogFolder.OwnAsync(log);
            await SendAsync(owner, 10);
            LeasedContent[] received = await owner.ReceiveAsync(4, null, None);
            await owner.ExecuteAsync((partition, now) => partition.Complete(received[0].Lease.Receipt, now));
            await owner.ExecuteAsync((partition, now) => partition.DeadLetter(received[1].Lease.Receipt, "bad", "very", now));
        }

        await using IPartitionLog again = await OpenAsync();
        await using PartitionOwner next = await LogFolder.OwnAsync(again);
        LeasedContent[] left = await next.ReceiveAsync(100, null, None);

        int[] expected = [.. Enumerable.Range(0, 10).Skip(KeepsLeases ? 4 : 2)];
        Assert.Equal(expected, left.Select(one => (int)one.Content.Body.Span[0]));
        MessageDescription dead = Assert.Single(
            await next.ExecuteAsync((partition, _) => partition.Peek(MessageState.Dead, 0, 10)));
        Assert.Equal(("bad", "very"), (dead.Reason, dead.Details));
    }

    [Fact]
    public async Task Commit_OfAnOwnerWhoseEpochIsOver_IsRefusedAndTheNextOwnersAreNot()
    {
        await using IPartitionLog log = await OpenAsync();
        await using PartitionOwner old = await LogFolder.OwnAsync(log);
        await SendAsync(old, 1);

        await using PartitionOwner next = await LogFolder.OwnAsync(log);

        await Assert.ThrowsAsync<GranaryUnavailableException>(() => SendAsync(old, 1));
        await SendAsync(next, 1);
        Assert.Equal(2, (await next.ExecuteAsync((partition, now) => partition.Statistics(now))).Ready);
    }

    [Fact]
    public async Task Commits_ThatWaitTogether_ShareTransactions()
    {
        await using IPartitionLog log = await OpenAsync();
        PartitionOwner[] owners = await Task.WhenAll(Enumerable.Range(0, 8).Select(index =>
            OwnerChange.OpenAsync(
                log, new PartitionId("orders", index), Definitions.Queue(), TimeProvider.System, new Random(index), null, None)));

        await Task.WhenAll(Enumerable.Range(0, 4000).Select(number => SendAsync(owners[number % 8], 1)));

        Assert.InRange(TransactionsOf(log), 1, 2000);
        foreach (PartitionOwner owner in owners)
        {
            Assert.Equal(500, (await owner.ExecuteAsync((partition, now) => partition.Statistics(now))).Ready);
            await owner.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("UPDATE log SET payload = zeros(payload) WHERE row = (SELECT MAX(row) FROM log)")]
    [InlineData("UPDATE log SET payload = substr(payload, 1, length(payload) - 1) WHERE row = (SELECT MIN(row) FROM log)")]
    [InlineData("UPDATE log SET next_offset = next_offset + 1 WHERE row = (SELECT MIN(row) FROM log)")]
    [InlineData("DELETE FROM log WHERE row = (SELECT MAX(row) FROM log)")]
    [InlineData("DELETE FROM log WHERE row = (SELECT MIN(row) FROM log)")]
    [InlineData("UPDATE partition SET epoch = 0, next_offset = 1")]
    [InlineData("UPDATE partition SET next_offset = next_offset + 1")]
    public async Task Open_OfADamagedPartition_IsRefusedEachTimeAndOthersAreNot(string damage)
    {
        await using (IPartitionLog log = await OpenAsync())
        {
            await using PartitionOwner owner = await LogFolder.OwnAsync(log);
            await SendAsync(owner, 1);
            await SendAsync(owner, 1);
            await SendAsync(owner, 1);
        }

        await ExecuteAsync(damage);

        await using IPartitionLog damaged = await OpenAsync();
        await Assert.ThrowsAsync<QueueDamagedException>(() => LogFolder.OwnAsync(damaged));
        await Assert.ThrowsAsync<QueueDamagedException>(() => LogFolder.OwnAsync(damaged));
        await using PartitionOwner other = await OwnerChange.OpenAsync(
            damaged, new PartitionId("orders", 1), Definitions.Queue(), TimeProvider.System, new Random(1), null, None);
        await SendAsync(other, 1);
        Assert.Single(damaged.Damage.Select(one => one.Partition).Distinct());
    }

    [Fact]
    public async Task Body_DamagedUnderASnapshot_IsReportedWhenItIsReadAndNotSkipped()
    {
        await using (IPartitionLog log = await OpenAsync())
        {
            await using PartitionOwner owner = await LogFolder.OwnAsync(log);
            for (int batch = 0; batch < 10; batch++)
            {
                await SendAsync(owner, 10, bodyBytes: 100_000);
            }
        }

        await ExecuteAsync("UPDATE log SET payload = zeros(payload) WHERE row = (SELECT MIN(row) FROM log)");

        await using (IPartitionLog damaged = await OpenAsync())
        {
            await using PartitionOwner found = await LogFolder.OwnAsync(damaged);
            await Assert.ThrowsAsync<QueueDamagedException>(() => found.ReceiveAsync(1, null, None));
        }

        await using IPartitionLog restarted = await OpenAsync();
        Assert.Equal((LogFolder.Partition, 0), (restarted.Damage.Single().Partition, (int)restarted.Damage.Single().Offset));
    }

    [Fact]
    public async Task Drained_Partition_GivesItsRowsBack()
    {
        await using IPartitionLog log = await OpenAsync();
        await using PartitionOwner owner = await LogFolder.OwnAsync(log);
        for (int round = 0; round < 30; round++)
        {
            await SendAsync(owner, 10, bodyBytes: 100_000);
            while (await owner.ReceiveAsync(10, null, None) is { Length: > 0 } received)
            {
                await owner.ExecuteAsync(
                    (partition, now) => received.Count(one => partition.Complete(one.Lease.Receipt, now) == SettleOutcome.Done));
            }
        }

        Assert.InRange((await log.ReadAsync(LogFolder.Partition, 0, int.MaxValue, None)).Count, 1, 25);
    }

    [Fact]
    public async Task Read_FromWithinARow_BeginsWithItAndEndsWithTheBytesAskedFor()
    {
        await using IPartitionLog log = await OpenAsync();
        await using PartitionOwner owner = await LogFolder.OwnAsync(log);
        for (int batch = 0; batch < 5; batch++)
        {
            await SendAsync(owner, 3, bodyBytes: 1000);
        }

        IReadOnlyList<LogRow> all = await log.ReadAsync(LogFolder.Partition, 0, int.MaxValue, None);
        IReadOnlyList<LogRow> two = await log.ReadAsync(LogFolder.Partition, 4, all[1].Payload.Length + 1, None);

        Assert.Equal(all.Select(row => row.NextOffset).SkipLast(1), all.Select(row => row.FirstOffset).Skip(1));
        Assert.Equal([3, 6], two.Select(row => row.FirstOffset));
        Assert.Empty(await log.ReadAsync(LogFolder.Partition, all[^1].NextOffset, 1, None));
    }

    protected static Task<SendResult[]> SendAsync(PartitionOwner owner, int count, int bodyBytes = 1) =>
        owner.SendAsync(
            [
                .. Enumerable.Range(0, count).Select(number =>
                {
                    byte[] body = new byte[bodyBytes];
                    body[0] = (byte)number;
                    return new OutgoingMessage { Body = body };
                }),
            ],
            None);

    /// <summary>Opens the test's log, as another process would.</summary>
    protected abstract Task<IPartitionLog> OpenAsync();

    /// <summary>Changes the tables behind the log's back.</summary>
    /// <param name="statement">
    /// Of the tables log (row, next_offset, payload) and partition (epoch, next_offset); zeros(x) is as long as x.
    /// </param>
    protected abstract Task ExecuteAsync(string statement);

    protected abstract long TransactionsOf(IPartitionLog log);
}
