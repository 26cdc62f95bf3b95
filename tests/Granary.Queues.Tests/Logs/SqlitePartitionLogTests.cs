using Granary.Queues.Logs;
using Granary.Queues.Logs.Sqlite;
using Granary.Queues.Owners;

namespace Granary.Queues.Tests.Logs;

public sealed class SqlitePartitionLogTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Owner_OpenedAgain_FindsWhatWasConfirmed()
    {
        await using (SqlitePartitionLog log = _folder.Open())
        {
            await using PartitionOwner owner = await LogFolder.OwnAsync(log);
            await SendAsync(owner, 10);
            LeasedContent[] received = await owner.ReceiveAsync(4, null, None);
            await owner.ExecuteAsync((partition, now) => partition.Complete(received[0].Lease.Receipt, now));
            await owner.ExecuteAsync((partition, now) => partition.DeadLetter(received[1].Lease.Receipt, "bad", "very", now));
        }

        await using SqlitePartitionLog again = _folder.Open();
        await using PartitionOwner next = await LogFolder.OwnAsync(again);
        LeasedContent[] left = await next.ReceiveAsync(100, null, None);

        Assert.Equal([2, 3, 4, 5, 6, 7, 8, 9], left.Select(one => (int)one.Content.Body.Span[0]));
        MessageDescription dead = Assert.Single(
            await next.ExecuteAsync((partition, _) => partition.Peek(MessageState.Dead, 0, 10)));
        Assert.Equal(("bad", "very"), (dead.Reason, dead.Details));
    }

    [Fact]
    public async Task Commit_OfAnOwnerWhoseEpochIsOver_IsRefusedAndTheNewOwnersAreNot()
    {
        await using SqlitePartitionLog log = _folder.Open();
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
        await using SqlitePartitionLog log = _folder.Open();
        PartitionOwner[] owners = await Task.WhenAll(Enumerable.Range(0, 8).Select(index =>
            PartitionOwner.OpenAsync(
                log, new PartitionId("orders", index), new QueueOptions(), TimeProvider.System, new Random(index), None)));

        await Task.WhenAll(Enumerable.Range(0, 4000).Select(number => SendAsync(owners[number % 8], 1)));

        Assert.InRange(log.Transactions, 1, 2000);
        foreach (PartitionOwner owner in owners)
        {
            Assert.Equal(500, (await owner.ExecuteAsync((partition, now) => partition.Statistics(now))).Ready);
            await owner.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("UPDATE log SET payload = zeroblob(length(payload)) WHERE id = (SELECT MAX(id) FROM log)")]
    [InlineData("UPDATE log SET payload = substr(payload, 1, length(payload) - 1) WHERE id = (SELECT MIN(id) FROM log)")]
    [InlineData("UPDATE log SET next_offset = next_offset + 1 WHERE id = (SELECT MIN(id) FROM log)")]
    [InlineData("DELETE FROM log WHERE id = (SELECT MAX(id) FROM log)")]
    [InlineData("DELETE FROM log WHERE id = (SELECT MIN(id) FROM log)")]
    [InlineData("UPDATE partition SET epoch = 0, next_offset = 1")]
    [InlineData("UPDATE partition SET next_offset = next_offset + 1")]
    public async Task Open_OfADamagedPartition_IsRefusedEachTimeAndOthersAreNot(string damage)
    {
        await using (SqlitePartitionLog log = _folder.Open())
        {
            await using PartitionOwner owner = await LogFolder.OwnAsync(log);
            await SendAsync(owner, 1);
            await SendAsync(owner, 1);
            await SendAsync(owner, 1);
        }

        _folder.Execute(damage);

        await using SqlitePartitionLog damaged = _folder.Open();
        await Assert.ThrowsAsync<QueueDamagedException>(() => LogFolder.OwnAsync(damaged));
        await Assert.ThrowsAsync<QueueDamagedException>(() => LogFolder.OwnAsync(damaged));
        await using PartitionOwner other = await PartitionOwner.OpenAsync(
            damaged, new PartitionId("orders", 1), new QueueOptions(), TimeProvider.System, new Random(1), None);
        await SendAsync(other, 1);
        Assert.Single(damaged.Damage.Select(one => one.Partition).Distinct());
    }

    [Fact]
    public async Task Body_DamagedUnderASnapshot_IsReportedWhenItIsReadAndNotSkipped()
    {
        await using (SqlitePartitionLog log = _folder.Open())
        {
            await using PartitionOwner owner = await LogFolder.OwnAsync(log);
            for (int batch = 0; batch < 10; batch++)
            {
                await SendAsync(owner, 10, bodyBytes: 100_000);
            }
        }

        _folder.Execute("UPDATE log SET payload = zeroblob(length(payload)) WHERE id = (SELECT MIN(id) FROM log)");

        await using (SqlitePartitionLog damaged = _folder.Open())
        {
            await using PartitionOwner found = await LogFolder.OwnAsync(damaged);
            await Assert.ThrowsAsync<QueueDamagedException>(() => found.ReceiveAsync(1, null, None));
        }

        await using SqlitePartitionLog restarted = _folder.Open();
        Assert.Equal((LogFolder.Partition, 0), (restarted.Damage.Single().Partition, (int)restarted.Damage.Single().Offset));
    }

    [Fact]
    public async Task Log_WithoutRoom_TakesSettlementsAndThenSendsAgain()
    {
        await using SqlitePartitionLog log = _folder.Open(maxBytes: 8 << 20);
        await using PartitionOwner owner = await LogFolder.OwnAsync(log);
        int sent = 0;
        while ((await SendAsync(owner, 10, bodyBytes: 50_000))[0].Outcome == SendOutcome.Accepted)
        {
            sent += 10;
        }

        Assert.InRange(sent, 100, 200);
        Assert.Equal(SendOutcome.StorageFull, (await SendAsync(owner, 1))[0].Outcome);

        List<LeasedContent> received = [];
        while (await owner.ReceiveAsync(sent, null, None) is { Length: > 0 } some)
        {
            received.AddRange(some);
        }

        Assert.Equal(sent, received.Count);
        foreach (LeasedContent message in received)
        {
            SettleOutcome outcome = await owner.ExecuteAsync(
                (partition, now) => partition.Complete(message.Lease.Receipt, now));
            Assert.Equal(SettleOutcome.Done, outcome);
        }

        // What settled them brought a snapshot, which trims: there is room again, for the same owner. Room is looked for
        // ten times a second.
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(10));
        while ((await SendAsync(owner, 10, bodyBytes: 50_000))[0].Outcome != SendOutcome.Accepted)
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    [Fact]
    public async Task Drained_Partition_GivesItsRowsBack()
    {
        await using SqlitePartitionLog log = _folder.Open();
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
    public void Log_OfAnotherOwner_IsRefused()
    {
        SqlitePartitionLog log = _folder.Open();

        Assert.Throws<GranaryUnavailableException>(() => _folder.Open());
        Assert.Empty(log.Damage);
    }

    [Fact]
    public void File_ThatIsNoDatabase_IsReportedAndStays()
    {
        File.WriteAllBytes(_folder.Path, [.. Enumerable.Repeat((byte)7, 10_000)]);

        Assert.Throws<QueueDamagedException>(() => _folder.Open());
        Assert.Equal(10_000, new FileInfo(_folder.Path).Length);
    }

    private static Task<SendResult[]> SendAsync(PartitionOwner owner, int count, int bodyBytes = 1) =>
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
}
