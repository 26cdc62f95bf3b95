using System.Text.Json;
using Npgsql;

namespace Granary.Queues.Logs.PostgreSql;

/// <summary>The queues of a cluster, in the database that holds their rows.</summary>
public sealed class PostgreSqlQueueCatalog(NpgsqlDataSource source, PostgreSqlPartitionLog log) : IQueueCatalog
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<QueueDefinition>> ReadAsync(CancellationToken cancellationToken) => PostgreSqlCalls.RunAsync(
        source,
        connection => QueryAsync(connection, "SELECT name, definition FROM granary_queue ORDER BY name", cancellationToken),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<QueueDefinition?> FindAsync(string queue, CancellationToken cancellationToken)
    {
        IReadOnlyList<QueueDefinition> found = await PostgreSqlCalls.RunAsync(
            source,
            connection => QueryAsync(
                connection, "SELECT name, definition FROM granary_queue WHERE name = $1", cancellationToken, queue),
            cancellationToken).ConfigureAwait(false);
        return found.SingleOrDefault();
    }

    /// <inheritdoc/>
    public async Task<bool> TryWriteAsync(
        QueueDefinition? existing, QueueDefinition definition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        bool isWritten = await PostgreSqlCalls.ChangeAsync(
            source,
            connection => existing is null
                ? AddAsync(connection, definition, cancellationToken)
                : ReplaceAsync(connection, existing, definition, cancellationToken),
            cancellationToken).ConfigureAwait(false);
        foreach (string subscription in isWritten ? existing?.RemovedIn(definition) ?? [] : [])
        {
            log.ForgetDamage(subscription);
        }

        return isWritten;
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string queue, CancellationToken cancellationToken)
    {
        bool wasThere = await PostgreSqlCalls.ChangeAsync(
            source, connection => DeleteAsync(connection, queue, cancellationToken), cancellationToken).ConfigureAwait(false);
        log.ForgetDamage(queue);
        return wasThere;
    }

    private static async Task<bool> AddAsync(
        NpgsqlConnection connection, QueueDefinition definition, CancellationToken cancellationToken) =>
        await PostgreSqlRows.ExecuteAsync(
            connection,
            "INSERT INTO granary_queue(name, definition) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            cancellationToken,
            definition.Name,
            QueueDefinitionFormat.Write(definition)).ConfigureAwait(false) > 0;

    // Definitions are compared, not their texts: another version of this program writes the same one with other words.
    private static async Task<bool> ReplaceAsync(
        NpgsqlConnection connection,
        QueueDefinition existing,
        QueueDefinition definition,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<QueueDefinition> found = await QueryAsync(
            connection,
            "SELECT name, definition FROM granary_queue WHERE name = $1 FOR UPDATE",
            cancellationToken,
            definition.Name).ConfigureAwait(false);
        if (found.SingleOrDefault() != existing)
        {
            return false;
        }

        foreach (string subscription in existing.RemovedIn(definition))
        {
            await ClearAsync(connection, subscription, existing.Partitions, cancellationToken).ConfigureAwait(false);
        }

        return await PostgreSqlRows.ExecuteAsync(
            connection,
            "UPDATE granary_queue SET definition = $2 WHERE name = $1",
            cancellationToken,
            definition.Name,
            QueueDefinitionFormat.Write(definition)).ConfigureAwait(false) > 0;
    }

    private static async Task<IReadOnlyList<QueueDefinition>> QueryAsync(
        NpgsqlConnection connection, string statement, CancellationToken cancellationToken, params object[] values)
    {
        await using NpgsqlCommand command = PostgreSqlRows.Command(connection, statement, values);
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

    // The queue's own row first: who opens a partition looks for it before and after, so either finds nothing or is fenced.
    private static async Task<bool> DeleteAsync(
        NpgsqlConnection connection, string queue, CancellationToken cancellationToken)
    {
        IReadOnlyList<QueueDefinition> removed = await QueryAsync(
            connection, "DELETE FROM granary_queue WHERE name = $1 RETURNING name, definition", cancellationToken, queue)
            .ConfigureAwait(false);
        foreach (QueueDefinition definition in removed)
        {
            foreach (SubscriptionDefinition subscription in definition.Subscriptions)
            {
                await ClearAsync(
                    connection, SubscriptionName.Of(queue, subscription.Name), definition.Partitions, cancellationToken)
                    .ConfigureAwait(false);
            }
        }

        await ClearAsync(connection, queue, removed.Sum(static definition => definition.Partitions), cancellationToken)
            .ConfigureAwait(false);
        return removed.Count > 0;
    }

    // A partition that nobody has opened yet gets its row here, or one that is being opened for the first time would not be
    // fenced.
    private static async Task ClearAsync(
        NpgsqlConnection connection, string name, int partitionCount, CancellationToken cancellationToken)
    {
        await PostgreSqlRows.ExecuteAsync(
            connection,
            """
            INSERT INTO granary_queue_partition(queue, position, epoch, next_offset, hash)
            SELECT $1, position, 0, 0, 0 FROM generate_series(0, $2 - 1) AS position
            ON CONFLICT (queue, position) DO NOTHING
            """,
            cancellationToken,
            name,
            partitionCount).ConfigureAwait(false);
        List<(long Number, long Epoch)> partitions = [];
        await using (NpgsqlCommand read = PostgreSqlRows.Command(
            connection, "SELECT id, epoch FROM granary_queue_partition WHERE queue = $1 ORDER BY id FOR UPDATE", name))
        {
            await using NpgsqlDataReader reader = await read.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                partitions.Add((reader.GetInt64(0), reader.GetInt64(1)));
            }
        }

        foreach ((long number, long epoch) in partitions)
        {
            await PostgreSqlRows.ClearAsync(connection, number, epoch + 1, cancellationToken).ConfigureAwait(false);
        }

        await PostgreSqlRows.ExecuteAsync(
            connection, "DELETE FROM granary_queue_damage WHERE queue = $1", cancellationToken, name).ConfigureAwait(false);
    }
}
