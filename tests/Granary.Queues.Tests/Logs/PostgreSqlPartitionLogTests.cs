using Granary.Queues.Logs;
using Granary.Queues.Logs.PostgreSql;
using Granary.Queues.Owners;
using Granary.Tests.Shared.Processes;
using Npgsql;

namespace Granary.Queues.Tests.Logs;

/// <summary>The log on PostgreSQL.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class PostgreSqlPartitionLogTests(SharedPostgreSql postgres) : PartitionLogContract, IAsyncLifetime
{
    private NpgsqlDataSource _source = null!;

    public async ValueTask InitializeAsync() => _source = await WithTablesAsync(await postgres.CreateDatabaseAsync());

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? default;

    protected override bool KeepsLeases => true;

    [Fact]
    public async Task Owner_ReplacedByAnotherSilos_WritesNothingMoreWhileTheOtherDoes()
    {
        await using IPartitionLog first = await OpenAsync();
        await using IPartitionLog second = await OpenAsync();
        await using PartitionOwner old = await LogFolder.OwnAsync(first);
        Task<int> sending = SendUntilRefusedAsync(old);
        await SendAsync(old, 1);

        await using PartitionOwner next = await LogFolder.OwnAsync(second);
        await SendAsync(next, 5);
        int confirmed = await sending;

        Assert.True(old.HasFailed);
        Assert.Equal(confirmed + 6, (await next.ExecuteAsync((partition, now) => partition.Statistics(now))).Ready);
    }

    [Fact]
    public async Task Damage_FoundByOneSilo_IsRefusedByAnotherThatRunsAlready()
    {
        await using IPartitionLog first = await OpenAsync();
        await using IPartitionLog second = await OpenAsync();
        await using (PartitionOwner owner = await LogFolder.OwnAsync(first))
        {
            await SendAsync(owner, 1);
        }

        await ExecuteAsync("UPDATE log SET payload = zeros(payload)");
        await Assert.ThrowsAsync<QueueDamagedException>(() => LogFolder.OwnAsync(first));
        await first.DisposeAsync(); // its report is written

        await Assert.ThrowsAsync<QueueDamagedException>(() => LogFolder.OwnAsync(second));
    }

    // A database, or a user, may have been set to confirm before the disk has anything.
    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task Durability_OfACommit_IsTheQueuesWhateverTheDatabaseIsSetTo(string setting)
    {
        await using NpgsqlDataSource source = await WithTablesAsync(
            $"{await postgres.CreateDatabaseAsync()};Options=-c synchronous_commit={setting}");
        await using NpgsqlCommand watch = source.CreateCommand(
            """
            CREATE TABLE seen(setting text);
            CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
            CREATE TRIGGER look AFTER INSERT ON granary_queue_log FOR EACH STATEMENT EXECUTE FUNCTION look();
            """);
        await watch.ExecuteNonQueryAsync();
        await using IPartitionLog log = await PostgreSqlPartitionLog.ConnectAsync(source, TimeProvider.System, None);
        foreach (Durability durability in (Durability[])[Durability.Strict, Durability.Relaxed, Durability.Strict])
        {
            await using PartitionOwner owner = await LogFolder.OwnAsync(log, new QueueOptions { Durability = durability });
            await SendAsync(owner, 1);
        }

        await using NpgsqlCommand read = source.CreateCommand("SELECT string_agg(setting, ' ') FROM seen");
        Assert.Equal("on off on", await read.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Queue_DeletedAndMadeAgain_IsEmptyAndHasLaterEpochs()
    {
        await using var log = (PostgreSqlPartitionLog)await OpenAsync();
        var catalog = new PostgreSqlQueueCatalog(_source, log);
        QueueDefinition definition = new(LogFolder.Partition.Queue, 1, new QueueOptions { MaxDeliveryCount = 3 });
        Assert.True(await catalog.TryWriteAsync(null, definition, None));
        Assert.Equal(definition, Assert.Single(await catalog.ReadAsync(None)));
        await using PartitionOwner old = await LogFolder.OwnAsync(log);
        await SendAsync(old, 3);

        await catalog.DeleteAsync(LogFolder.Partition.Queue, None);

        Assert.Empty(await catalog.ReadAsync(None));
        await Assert.ThrowsAsync<GranaryUnavailableException>(() => SendAsync(old, 1));
        PartitionOpening opening = await log.OpenAsync(LogFolder.Partition, None);
        Assert.Equal((3, 0), (opening.Epoch, opening.NextOffset));
        Assert.Empty(await log.ReadAsync(LogFolder.Partition, 0, 1, None));
    }

    [Fact]
    public async Task Database_KilledWhileMessagesAreSent_LosesNothingConfirmedAndIsUsedAgain()
    {
        await using PostgreSqlProcess process = await PostgreSqlProcess.StartNewAsync();
        await using NpgsqlDataSource source = await WithTablesAsync(process.ConnectionString);
        await using IPartitionLog log = await PostgreSqlPartitionLog.ConnectAsync(source, TimeProvider.System, None);
        await using PartitionOwner owner = await LogFolder.OwnAsync(log);
        Task<int> sending = SendUntilRefusedAsync(owner);
        await SendAsync(owner, 1);

        await process.KillAsync();
        int confirmed = 1 + await sending;
        await Assert.ThrowsAsync<GranaryUnavailableException>(() => LogFolder.OwnAsync(log));
        await process.StartAsync();

        await using PartitionOwner next = await LogFolder.OwnAsync(log);
        await SendAsync(next, 1);
        long ready = (await next.ExecuteAsync((partition, now) => partition.Statistics(now))).Ready;
        Assert.InRange(ready, confirmed + 1, confirmed + 2); // one commit was under way
    }

    protected override async Task<IPartitionLog> OpenAsync() =>
        await PostgreSqlPartitionLog.ConnectAsync(_source, TimeProvider.System, None);

    protected override async Task ExecuteAsync(string statement)
    {
        await using NpgsqlCommand command = _source.CreateCommand(statement
            .Replace("zeros(payload)", "decode(repeat('00', length(payload)), 'hex')", StringComparison.Ordinal)
            .Replace("row", "first_offset", StringComparison.Ordinal)
            .Replace(" log ", " granary_queue_log ", StringComparison.Ordinal)
            .Replace(" log)", " granary_queue_log)", StringComparison.Ordinal)
            .Replace("UPDATE partition", "UPDATE granary_queue_partition", StringComparison.Ordinal));
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
    }

    protected override long TransactionsOf(IPartitionLog log) => ((PostgreSqlPartitionLog)log).Transactions;

    private static async Task<NpgsqlDataSource> WithTablesAsync(string connection)
    {
        NpgsqlDataSource source = NpgsqlDataSource.Create($"{connection};Timeout=5;Command Timeout=5");
        await using NpgsqlCommand command = source.CreateCommand(PostgreSqlTables.Script);
        await command.ExecuteNonQueryAsync();
        return source;
    }

    // One message after the other. Returns how many were confirmed.
    private static async Task<int> SendUntilRefusedAsync(PartitionOwner owner)
    {
        for (int sent = 0; ; sent++)
        {
            try
            {
                await SendAsync(owner, 1);
            }
            catch (GranaryException)
            {
                return sent;
            }
        }
    }
}
