using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Granary.Queues.Logs.Sqlite;

/// <summary>The queues, in the database that holds their rows, which belongs to this process.</summary>
public sealed class SqliteQueueCatalog(SqlitePartitionLog log) : IQueueCatalog
{
    private volatile Known? _known; // read once after each change: nobody else makes any
    private int _changes; // begun and ended: what was read meanwhile may be old

    private sealed record Known(int Changes, IReadOnlyList<QueueDefinition> Queues);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<QueueDefinition>> ReadAsync(CancellationToken cancellationToken)
    {
        int changes = Volatile.Read(ref _changes);
        if (_known is { } known && known.Changes == changes)
        {
            return known.Queues;
        }

        IReadOnlyList<QueueDefinition> queues =
            await log.ChangeAsync<IReadOnlyList<QueueDefinition>>(Read, cancellationToken).ConfigureAwait(false);
        _known = new Known(changes, queues);
        return queues;
    }

    /// <inheritdoc/>
    public async Task<QueueDefinition?> FindAsync(string queue, CancellationToken cancellationToken) =>
        Find(await ReadAsync(cancellationToken).ConfigureAwait(false), queue);

    /// <inheritdoc/>
    public async Task<bool> TryWriteAsync(
        QueueDefinition? existing, QueueDefinition definition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(definition);
        string[] removed = [.. existing?.RemovedIn(definition) ?? []];
        bool isWritten = await ChangeAsync(
            session => Find(Read(session), definition.Name) == existing && Write(session, definition, removed),
            cancellationToken).ConfigureAwait(false);
        Array.ForEach(isWritten ? removed : [], log.ForgetDamage);
        return isWritten;
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string queue, CancellationToken cancellationToken)
    {
        bool wasThere = await ChangeAsync(session => Delete(session, queue) > 0, cancellationToken).ConfigureAwait(false);
        log.ForgetDamage(queue);
        return wasThere;
    }

    private async Task<bool> ChangeAsync(Func<SqliteSession, bool> change, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _changes);
        try
        {
            return await log.ChangeAsync(change, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Increment(ref _changes); // also if it is not known whether it was done
        }
    }

    private static QueueDefinition? Find(IReadOnlyList<QueueDefinition> queues, string name) =>
        queues.FirstOrDefault(queue => queue.Name == name);

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

    private static bool Write(SqliteSession session, QueueDefinition definition, string[] removed)
    {
        Array.ForEach(removed, subscription => Clear(session, subscription));
        return session.Execute(
            "INSERT OR REPLACE INTO queue(name, definition) VALUES($0, $1)",
            definition.Name,
            QueueDefinitionFormat.Write(definition)) > 0;
    }

    private static int Delete(SqliteSession session, string queue)
    {
        Clear(session, queue);
        return session.Execute("DELETE FROM queue WHERE name=$0", queue);
    }

    // With all subscriptions that there are or were; no name has a character that GLOB knows.
    private static void Clear(SqliteSession session, string queue)
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

        session.Execute("DELETE FROM damage WHERE queue=$0 OR queue GLOB $0 || '/*'", queue);
    }

    private static List<(long Number, long Epoch)> Partitions(SqliteSession session, string queue)
    {
        List<(long Number, long Epoch)> partitions = [];
        using SqliteDataReader reader = session.Query(
            "SELECT id, epoch FROM partition WHERE queue=$0 OR queue GLOB $0 || '/*'", queue);
        while (reader.Read())
        {
            partitions.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }

        return partitions;
    }
}
