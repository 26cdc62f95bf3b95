using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Npgsql;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;

/// <summary>A statement and a transaction for each message, or for each batch.</summary>
internal sealed class PostgreSqlSender(NpgsqlDataSource source, string table) : IQueueSender
{
    private readonly string _insertOne = $"INSERT INTO {table} (available_at, body) VALUES (now(), $1)";
    private readonly string _insertMany = $"INSERT INTO {table} (available_at, body) SELECT now(), unnest($1::bytea[])";
    private readonly string _insertDelayed = $"INSERT INTO {table} (available_at, body) VALUES ($2, $1)";

    public Task SendAsync(byte[] body, CancellationToken cancellationToken) =>
        ExecuteAsync(_insertOne, cancellationToken, Parameter(body));

    public Task SendBatchAsync(IReadOnlyList<byte[]> bodies, CancellationToken cancellationToken) =>
        ExecuteAsync(_insertMany, cancellationToken, Parameter(bodies.ToArray()));

    public Task SendDelayedAsync(byte[] body, DateTimeOffset due, CancellationToken cancellationToken) =>
        ExecuteAsync(_insertDelayed, cancellationToken, Parameter(body), Parameter(due));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NpgsqlParameter<T> Parameter<T>(T value) => new() { TypedValue = value };

    private async Task ExecuteAsync(
        string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
