using System.Text.Json;
using Npgsql;

namespace Granary.Queues.Logs.PostgreSql;

/// <summary>The queues of a cluster, in the database that holds their rows.</summary>
public sealed class PostgreSqlQueueCatalog(NpgsqlDataSource source, PostgreSqlPartitionLog log) : IQueueCatalog
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<QueueDefinition>> ReadAsync(CancellationToken cancellationToken) => PostgreSqlCalls.RunAsync(
        source, connection => ReadAsync(connection, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAsync(QueueDefinition definition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return PostgreSqlCalls.RunAsync(
            source,
            connection => PostgreSqlRows.ExecuteAsync(
                connection,
                """
                INSERT INTO granary_queue(name, definition) VALUES ($1, $2)
                ON CONFLICT (name) DO UPDATE SET definition = excluded.definition
                """,
                cancellationToken,
                definition.Name,
                QueueDefinitionFormat.Write(definition)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string queue, CancellationToken cancellationToken)
    {
        await PostgreSqlCalls.RunAsync(
            source,
            async connection =>
            {
                await using NpgsqlTransaction transaction =
                    await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
                await DeleteAsync(connection, queue, cancellationToken).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        log.ForgetDamage(queue);
    }

    private static async Task<IReadOnlyList<QueueDefinition>> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command =
            PostgreSqlRows.Command(connection, "SELECT name, definition FROM granary_queue ORDER BY name");
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        List<QueueDefinition> queues = [];
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            string name = reader.GetString(0);
            try
            {
                queues.Add(QueueDefinitionFormat.Read(reader.GetString(1)));
            }
            catch (JsonException exception)
            {
                throw new QueueDamagedException(
                    new LogDamage(new PartitionId(name, -1), -1, $"The queue's definition cannot be read: {exception.Message}"));
            }
        }

        return queues;
    }

    // The epochs go on: whoever still owns a partition writes nothing any more, and its receipts mean nothing later.
    private static async Task DeleteAsync(NpgsqlConnection connection, string queue, CancellationToken cancellationToken)
    {
        await using (NpgsqlCommand read = PostgreSqlRows.Command(
            connection, "SELECT id, epoch FROM granary_queue_partition WHERE queue = $1 ORDER BY id FOR UPDATE", queue))
        {
            List<(long Number, long Epoch)> partitions = [];
            await using (NpgsqlDataReader reader = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    partitions.Add((reader.GetInt64(0), reader.GetInt64(1)));
                }
            }

            foreach ((long number, long epoch) in partitions)
            {
                await PostgreSqlRows.ClearAsync(connection, number, epoch + 1, cancellationToken).ConfigureAwait(false);
            }
        }

        foreach (string statement in (string[])
            ["DELETE FROM granary_queue_damage WHERE queue = $1", "DELETE FROM granary_queue WHERE name = $1"])
        {
            await PostgreSqlRows.ExecuteAsync(connection, statement, cancellationToken, queue).ConfigureAwait(false);
        }
    }
}
