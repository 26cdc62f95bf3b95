using Granary.Queues.Logs;
using Granary.Queues.Owners;
using Granary.Tests.Shared.Processes;
using Npgsql;

namespace Granary.Queues.Tests.Logs;

/// <summary>Two silos that share a database: its tables, and the queues that both make, change and delete.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlCatalogTests(SharedPostgreSql postgres) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private string _database = "";
    private QueueStorage _first = null!;
    private QueueStorage _second = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.CreateDatabaseAsync();

        // At the same time, on an empty database: both must find the tables made once.
        QueueStorage[] both = await Task.WhenAll(ConnectAsync(), ConnectAsync());
        (_first, _second) = (both[0], both[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await (_first?.DisposeAsync() ?? default);
        await (_second?.DisposeAsync() ?? default);
    }

    [Fact]
    public async Task Queue_MadeByManyAtOnce_IsOneAndAllSeeIt()
    {
        bool[] made = await Task.WhenAll(Enumerable.Range(1, 20).Select(partitions =>
            (partitions % 2 == 0 ? _first : _second).Catalog.TryWriteAsync(null, Orders(partitions), None)));

        int winner = 1 + Array.IndexOf(made, true);
        Assert.Equal(1, made.Count(one => one));
        Assert.Equal(Orders(winner), await _first.Catalog.FindAsync("orders", None));
        Assert.Equal(Orders(winner), Assert.Single(await _second.Catalog.ReadAsync(None)));
    }

    [Fact]
    public async Task Change_OfWhatIsAnotherByNow_IsNotMade()
    {
        QueueDefinition other = Orders(4) with { Options = new QueueOptions { MaxDeliveryCount = 3 } };
        Assert.True(await _first.Catalog.TryWriteAsync(null, Orders(4), None));
        Assert.True(await _second.Catalog.TryWriteAsync(Orders(4), other, None));

        Assert.False(await _first.Catalog.TryWriteAsync(Orders(4), Orders(4), None));

        Assert.Equal(other, await _first.Catalog.FindAsync("orders", None));
        Assert.True(await _first.DeleteAsync("orders", None));
        Assert.False(await _second.DeleteAsync("orders", None));
        Assert.False(await _second.Catalog.TryWriteAsync(other, Orders(4), None));
        Assert.Null(await _second.Catalog.FindAsync("orders", None));
    }

    [Fact]
    public async Task Partition_MovedBetweenSilos_KeepsItsLeases()
    {
        PartitionId partition = new("orders", 0);
        Receipt receipt;
        await using (PartitionOwner here = await _first.OpenAsync(partition, Definitions.Queue(), null, None))
        {
            await here.SendAsync([new OutgoingMessage { Body = new byte[] { 1 } }], None);
            receipt = Assert.Single(await here.ReceiveAsync(1, null, None)).Lease.Receipt;
        }

        await using PartitionOwner there = await _second.OpenAsync(partition, Definitions.Queue(), null, None);

        Assert.Empty(await there.ReceiveAsync(1, null, None));
        Assert.Equal(SettleOutcome.Done, await there.ExecuteAsync((owned, now) => owned.Complete(receipt, now)));
    }

    // Or a silo that opens one for the first time while the queue is deleted would not be fenced.
    [Fact]
    public async Task Delete_OfAQueueThatNobodyHasUsed_RaisesTheEpochsOfItsPartitions()
    {
        QueueDefinition definition = new("unused", 2, new QueueOptions());
        await _first.Catalog.TryWriteAsync(null, definition, None);

        Assert.True(await _first.Catalog.DeleteAsync("unused", None));

        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_database);
        await using NpgsqlCommand command = source.CreateCommand(
            "SELECT count(*) FROM granary_queue_partition WHERE queue = 'unused' AND epoch = 1");
        Assert.Equal(2L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Rows_ThatANewOwnerHasTrimmed_AreNoDamageForTheOldOne()
    {
        PartitionId partition = new("orders", 0);
        OutgoingMessage message = new() { Body = new byte[200 << 10] };
        await using PartitionOwner old = await _first.OpenAsync(partition, Definitions.Queue(), null, None);
        for (int sent = 0; sent < 60; sent++) // more than an owner has in memory
        {
            await old.SendAsync([message], None);
        }

        await using PartitionOwner next = await _second.OpenAsync(partition, Definitions.Queue(), null, None);
        for (int round = 0; round < 60; round++)
        {
            LeasedContent one = Assert.Single(await next.ReceiveAsync(1, null, None));
            await next.SendAsync([message], None);
            await next.ExecuteAsync((owned, now) => owned.Complete(one.Lease.Receipt, now));
        }

        await Assert.ThrowsAsync<GranaryUnavailableException>(() => old.ReceiveAsync(1, null, None));
        Assert.Empty(_first.Damage);
        Assert.Single(await next.ReceiveAsync(1, null, None));
    }

    [Fact]
    public async Task Tables_OfANewerVersion_AreRefused()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(_database);
        await using NpgsqlCommand command = source.CreateCommand("UPDATE granary_queue_schema SET version = 2");
        await command.ExecuteNonQueryAsync();

        GranaryException refused = await Assert.ThrowsAsync<GranaryException>(ConnectAsync);

        Assert.Contains("version 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConnectionString_ThatIsNone_IsNotRepeated()
    {
        GranaryException refused = await Assert.ThrowsAsync<GranaryException>(
            () => ConnectAsync("postgres://granary:secret@db/granary"));

        Assert.DoesNotContain("secret", $"{refused}", StringComparison.Ordinal);
    }

    private static QueueDefinition Orders(int partitions) => new("orders", partitions, new QueueOptions());

    private Task<QueueStorage> ConnectAsync() => ConnectAsync(_database);

    private static Task<QueueStorage> ConnectAsync(string database) =>
        QueueStorage.ConnectAsync(database, new SteadyTimeProvider(TimeProvider.System), None);
}
