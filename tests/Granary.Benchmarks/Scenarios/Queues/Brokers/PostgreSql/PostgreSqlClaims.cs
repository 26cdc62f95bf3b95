using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Npgsql;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;

/// <summary>The statements of a receiver: claim with a lease of 5 minutes, delete when complete.</summary>
internal sealed class PostgreSqlClaims(NpgsqlDataSource source, string table)
{
    /// <summary>How long an empty queue is left alone: PostgreSQL wakes nobody, short of LISTEN.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly string _claim = $"""
        UPDATE {table} SET available_at = now() + interval '5 minutes' WHERE id = ANY(ARRAY(
            SELECT id FROM {table} WHERE available_at <= now()
            ORDER BY available_at, id LIMIT $1 FOR UPDATE SKIP LOCKED))
        RETURNING id, body
        """;

    private readonly string _deleteOne = $"DELETE FROM {table} WHERE id = $1";
    private readonly string _deleteMany = $"DELETE FROM {table} WHERE id = ANY($1)";

    public async Task<List<Delivery>> ClaimAsync(int maxMessages, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = source.CreateCommand(_claim);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = maxMessages });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var claimed = new List<Delivery>();
        while (await reader.ReadAsync(cancellationToken))
        {
            claimed.Add(new Delivery((byte[])reader[1], reader.GetInt64(0)));
        }

        return claimed;
    }

    public Task DeleteAsync(Delivery delivery, CancellationToken cancellationToken) =>
        DeleteAsync(_deleteOne, new NpgsqlParameter<long> { TypedValue = (long)delivery.Receipt }, cancellationToken);

    public Task DeleteAsync(IEnumerable<Delivery> deliveries, CancellationToken cancellationToken)
    {
        long[] ids = [.. deliveries.Select(delivery => (long)delivery.Receipt)];
        return DeleteAsync(_deleteMany, new NpgsqlParameter<long[]> { TypedValue = ids }, cancellationToken);
    }

    private async Task DeleteAsync(string sql, NpgsqlParameter parameter, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = source.CreateCommand(sql);
        command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
