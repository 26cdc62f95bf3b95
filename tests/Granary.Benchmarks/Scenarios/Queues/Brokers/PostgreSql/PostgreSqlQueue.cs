using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Npgsql;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;

/// <summary>A table is a queue: a row is a message, leased until a time and deleted when it is complete.</summary>
internal sealed class PostgreSqlQueue : IQueueUnderTest
{
    private const int PoolSize = 100; // Npgsql's default: statements that are under way at once

    private readonly PostgreSqlServer _server;
    private readonly string _connectionString;
    private NpgsqlDataSource _source;
    private NpgsqlDataSource _receivers; // in an application they are another process, with a pool of its own

    private PostgreSqlQueue(
        PostgreSqlServer server, string connectionString, NpgsqlDataSource source, string version)
    {
        _server = server;
        _connectionString = connectionString;
        _source = source;
        _receivers = NpgsqlDataSource.Create(connectionString);
        Version = version;
    }

    public string Version { get; }

    public IReadOnlyList<int> ProcessIds => [_server.ProcessId];

    public bool CanDelay => true;

    /// <param name="server">Ends with the queue.</param>
    /// <param name="cancellationToken">Ends the wait for it.</param>
    public static async Task<IQueueUnderTest> ConnectAsync(
        PostgreSqlServer server, CancellationToken cancellationToken)
    {
        string connection = $"{server.ConnectionString};Maximum Pool Size={PoolSize};Max Auto Prepare=20;"
            + "Auto Prepare Min Usages=2;Timeout=30;Command Timeout=120";
        (NpgsqlDataSource source, string version) =
            await PostgreSqlServer.OpenAsync(connection, cancellationToken);
        return new PostgreSqlQueue(server, connection, source, version);
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
        await _server.StopAsync();
    }

    public async Task StartServerAsync(CancellationToken cancellationToken)
    {
        await _server.StartAgainAsync(cancellationToken);
        (_source, _) = await PostgreSqlServer.OpenAsync(_connectionString, cancellationToken);
        _receivers = NpgsqlDataSource.Create(_connectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        await _receivers.DisposeAsync();
        await _server.DisposeAsync();
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = _source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
