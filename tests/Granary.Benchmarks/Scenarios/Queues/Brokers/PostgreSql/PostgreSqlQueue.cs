using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Npgsql;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;

/// <summary>A table is a queue: a row is a message, leased until a time and deleted when it is complete.</summary>
internal sealed class PostgreSqlQueue : IQueueUnderTest
{
    /// <summary>Npgsql's default: statements that are under way at once.</summary>
    public const int PoolSize = 100;

    private static readonly TimeSpan RecoveryInterval = TimeSpan.FromMilliseconds(20);

    private readonly DataFolder _folder;
    private readonly BrokerProcess _broker;
    private readonly string _connectionString;
    private NpgsqlDataSource _source;
    private NpgsqlDataSource _receivers; // in an application they are another process, with a pool of its own

    private PostgreSqlQueue(
        DataFolder folder, BrokerProcess broker, string connectionString, NpgsqlDataSource source, string version)
    {
        _folder = folder;
        _broker = broker;
        _connectionString = connectionString;
        _source = source;
        _receivers = NpgsqlDataSource.Create(connectionString);
        Version = version;
    }

    public string Version { get; }

    public int ProcessId => _broker.Id;

    public bool CanDelay => true;

    public static async Task<IQueueUnderTest> ConnectAsync(
        DataFolder folder, BrokerProcess broker, string connectionString, CancellationToken cancellationToken)
    {
        (NpgsqlDataSource source, string version) = await OpenAsync(connectionString, cancellationToken);
        return new PostgreSqlQueue(folder, broker, connectionString, source, version);
    }

    public Task CreateAsync(string queue, CancellationToken cancellationToken) => ExecuteAsync(
        $"""
        CREATE TABLE {queue} (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            available_at timestamptz NOT NULL,
            body bytea NOT NULL);
        CREATE INDEX ON {queue} (available_at, id);
        """,
        cancellationToken);

    public Task DeleteAsync(string queue, CancellationToken cancellationToken) =>
        ExecuteAsync($"DROP TABLE {queue}", cancellationToken);

    public Task<IQueueSender> OpenSenderAsync(string queue, CancellationToken cancellationToken) =>
        Task.FromResult<IQueueSender>(new PostgreSqlSender(_source, queue));

    public Task<IQueueReceiver> OpenReceiverAsync(
        string queue, ReceiverSettings settings, CancellationToken cancellationToken) =>
        Task.FromResult<IQueueReceiver>(settings.IsOneByOne
            ? new PostgreSqlSingleReceiver(_receivers, queue, settings.Prefetch)
            : new PostgreSqlReceiver(_receivers, queue));

    public async Task StopServerAsync()
    {
        await _source.DisposeAsync();
        await _receivers.DisposeAsync();
        await _broker.DisposeAsync();
    }

    public async Task StartServerAsync(CancellationToken cancellationToken)
    {
        await _broker.StartAsync(cancellationToken);
        (_source, _) = await OpenAsync(_connectionString, cancellationToken);
        _receivers = NpgsqlDataSource.Create(_connectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _receivers.DisposeAsync();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    // It listens before it has recovered, and says so to whoever connects.
    private static async Task<(NpgsqlDataSource Source, string Version)> OpenAsync(
        string connectionString, CancellationToken cancellationToken)
    {
        NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        while (true)
        {
            try
            {
                await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
                return (source, connection.ServerVersion.Split(' ')[0]);
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.CannotConnectNow)
            {
                await Task.Delay(RecoveryInterval, cancellationToken);
            }
            catch (NpgsqlException error)
            {
                await source.DisposeAsync();
                throw new PeerException($"It refuses connections: {error.Message}");
            }
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
