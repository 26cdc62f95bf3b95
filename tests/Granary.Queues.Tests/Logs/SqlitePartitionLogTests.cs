using Granary.Queues.Logs;
using Granary.Queues.Logs.Sqlite;
using Granary.Queues.Owners;

namespace Granary.Queues.Tests.Logs;

/// <summary>The log on SQLite.</summary>
public sealed class SqlitePartitionLogTests : PartitionLogContract, IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override bool KeepsLeases => false;

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

    [Theory]
    [InlineData(Durability.Strict, 1)]
    [InlineData(Durability.Relaxed, 0)]
    public async Task Send_IsConfirmedWhenItIsAsDurableAsItsQueueSays(Durability durability, int waits)
    {
        await using SqlitePartitionLog log = _folder.Open();
        await using PartitionOwner owner = await LogFolder.OwnAsync(log, new QueueOptions { Durability = durability });

        await SendAsync(owner, 1);

        Assert.Equal((1, waits), (log.Transactions, log.StrictTransactions));
    }

    // SQLite's numbers: 2 is FULL, with which the write-ahead log is flushed at each commit; 1 is NORMAL.
    [Fact]
    public void Session_ThatIsStrict_FlushesEachCommit()
    {
        using SqliteSession session = new(new SqliteLogOptions { Path = _folder.Path });

        long first = session.Number("PRAGMA synchronous");
        session.SetStrict(false);
        long relaxed = session.Number("PRAGMA synchronous");
        session.SetStrict(true);

        Assert.Equal((2, 1, 2), (first, relaxed, session.Number("PRAGMA synchronous")));
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

    protected override Task<IPartitionLog> OpenAsync() => Task.FromResult<IPartitionLog>(_folder.Open());

    protected override Task ExecuteAsync(string statement)
    {
        _folder.Execute(statement
            .Replace("zeros(payload)", "zeroblob(length(payload))", StringComparison.Ordinal)
            .Replace("row", "id", StringComparison.Ordinal));
        return Task.CompletedTask;
    }

    protected override long TransactionsOf(IPartitionLog log) => ((SqlitePartitionLog)log).Transactions;
}
