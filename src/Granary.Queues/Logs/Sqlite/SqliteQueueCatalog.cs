using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Granary.Queues.Logs.Sqlite;

/// <summary>The queues, in the database that holds their rows.</summary>
public sealed class SqliteQueueCatalog(SqlitePartitionLog log) : IQueueCatalog
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<QueueDefinition>> ReadAsync(CancellationToken cancellationToken) =>
        log.ChangeAsync<IReadOnlyList<QueueDefinition>>(Read, cancellationToken);

    /// <inheritdoc/>
    public Task WriteAsync(QueueDefinition definition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return log.ChangeAsync(
            session => session.Execute(
                "INSERT OR REPLACE INTO queue(name, definition) VALUES($0, $1)",
                definition.Name,
                QueueDefinitionFormat.Write(definition)),
            cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string queue, CancellationToken cancellationToken)
    {
        await log.ChangeAsync(session => Delete(session, queue), cancellationToken).ConfigureAwait(false);
        log.ForgetDamage(queue);
    }

    private static List<QueueDefinition> Read(SqliteSession session)
    {
        List<QueueDefinition> queues = [];
        using SqliteDataReader reader = session.Query("SELECT name, definition FROM queue ORDER BY name");
        while (reader.Read())
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

    private static int Delete(SqliteSession session, string queue)
    {
        foreach ((long number, long epoch) in Partitions(session, queue))
        {
            session.Execute(
                "DELETE FROM log WHERE id >= $0 AND id < $1",
                SqliteSession.KeyOf(number, 0),
                SqliteSession.KeyOf(number + 1, 0));
            session.Execute("DELETE FROM snapshot WHERE partition=$0", number);
            session.Execute(
                "UPDATE partition SET epoch=$0, next_offset=0, hash=$1 WHERE id=$2",
                epoch + 1,
                RowChecksum.Of([], epoch + 1, 0),
                number);
        }

        session.Execute("DELETE FROM damage WHERE queue=$0", queue);
        return session.Execute("DELETE FROM queue WHERE name=$0", queue);
    }

    private static List<(long Number, long Epoch)> Partitions(SqliteSession session, string queue)
    {
        List<(long Number, long Epoch)> partitions = [];
        using SqliteDataReader reader = session.Query("SELECT id, epoch FROM partition WHERE queue=$0", queue);
        while (reader.Read())
        {
            partitions.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }

        return partitions;
    }
}
