using Npgsql;
using NpgsqlTypes;

namespace Granary.Queues.Logs.PostgreSql;

/// <summary>What is done to the tables.</summary>
internal static class PostgreSqlRows
{
    private const int MaxRows = 1000; // of one read
    private const int OffsetBits = 48; // a row's place is its partition's number, then its first offset

    // One statement, so one round trip and one transaction. The update is the fence: whoever waits for the row of an owner
    // that is being replaced looks again at its epoch when it has the row.
    private const string Append = """
        WITH wanted AS (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
                AS w(partition, epoch, first_offset, next_offset, owner_hash, row_hash, payload)),
        owned AS (
            UPDATE granary_queue_partition p SET next_offset = w.next_offset, hash = w.owner_hash
            FROM wanted w
            WHERE p.id = w.partition AND p.epoch = w.epoch AND p.next_offset = w.first_offset
            RETURNING p.id),
        written AS (
            INSERT INTO granary_queue_log(partition, first_offset, next_offset, hash, payload)
            SELECT w.partition, w.first_offset, w.next_offset, w.row_hash, w.payload
            FROM wanted w JOIN owned o ON o.id = w.partition),
        snapped AS (
            INSERT INTO granary_queue_snapshot AS old (partition, first_after, hash, state)
            SELECT s.partition, s.first_after, s.hash, s.state
            FROM unnest($8, $9, $10, $11) AS s(partition, first_after, hash, state) JOIN owned o ON o.id = s.partition
            ON CONFLICT (partition) DO UPDATE
            SET first_after = excluded.first_after, hash = excluded.hash, state = excluded.state),
        trimmed AS (
            DELETE FROM granary_queue_log l
            USING unnest($12, $13, $14) AS t(partition, first_offset, end_offset), owned o
            WHERE o.id = t.partition AND l.partition = t.partition
                AND l.first_offset >= t.first_offset AND l.first_offset < t.end_offset AND l.next_offset <= t.end_offset)
        SELECT id FROM owned
        """;

    /// <summary>Raises the epoch, and takes what the owner before has left. In a transaction.</summary>
    /// <exception cref="QueueDamagedException">The checksum of the owner does not match.</exception>
    public static async Task<PartitionOwnerRow> OpenAsync(
        NpgsqlConnection connection, PartitionId partition, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            connection,
            """
            INSERT INTO granary_queue_partition(queue, position, epoch, next_offset, hash) VALUES ($1, $2, 0, 0, 0)
            ON CONFLICT (queue, position) DO NOTHING
            """,
            cancellationToken,
            partition.Queue,
            partition.Index).ConfigureAwait(false);
        PartitionOwnerRow found = await ReadOwnerAsync(connection, partition, cancellationToken).ConfigureAwait(false);
        PartitionOwnerRow owner = found with { Epoch = found.Epoch + 1 };
        await ExecuteAsync(
            connection,
            "UPDATE granary_queue_partition SET epoch = $1, hash = $2, leases = NULL WHERE id = $3",
            cancellationToken,
            owner.Epoch,
            RowChecksum.Of([], owner.Epoch, owner.NextOffset),
            owner.Number).ConfigureAwait(false);
        return owner;
    }

    /// <summary>Leaves something for the next owner.</summary>
    public static Task<int> ReleaseAsync(
        NpgsqlConnection connection,
        long number,
        long epoch,
        ReadOnlyMemory<byte> leases,
        CancellationToken cancellationToken) => ExecuteAsync(
        connection,
        "UPDATE granary_queue_partition SET leases = $1 WHERE id = $2 AND epoch = $3",
        cancellationToken,
        leases.ToArray(),
        number,
        epoch);

    /// <summary>The epoch of the owner; null: the partition was never opened.</summary>
    public static Task<long?> ReadEpochAsync(
        NpgsqlConnection connection, PartitionId partition, CancellationToken cancellationToken) =>
        ReadAsync(
            connection,
            "SELECT epoch FROM granary_queue_partition WHERE queue = $1 AND position = $2",
            partition,
            cancellationToken);

    /// <summary>Under which its rows are; null: the partition was never opened.</summary>
    public static Task<long?> ReadNumberAsync(
        NpgsqlConnection connection, PartitionId partition, CancellationToken cancellationToken) =>
        ReadAsync(
            connection,
            "SELECT id FROM granary_queue_partition WHERE queue = $1 AND position = $2",
            partition,
            cancellationToken);

    /// <exception cref="QueueDamagedException">The checksum does not match.</exception>
    public static async Task<(ReadOnlyMemory<byte> Snapshot, long FirstAfter)> ReadSnapshotAsync(
        NpgsqlConnection connection, PartitionId partition, long number, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(
            connection, "SELECT first_after, hash, state FROM granary_queue_snapshot WHERE partition = $1", number);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        if (!await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            return (default, 0);
        }

        long firstAfter = reader.GetInt64(0);
        byte[] state = await reader.GetFieldValueAsync<byte[]>(2, cancellationToken).ConfigureAwait(false);
        return RowChecksum.Of(state, number, firstAfter) == reader.GetInt64(1)
            ? (state, firstAfter)
            : throw new QueueDamagedException(new LogDamage(partition, -1, "The checksum of the snapshot does not match."));
    }

    /// <summary>Writes commits of different partitions, all that are their owners', in one transaction.</summary>
    /// <returns>The partitions whose commit was written; of the others the epoch or the offset is another.</returns>
    public static async Task<HashSet<long>> AppendAsync(NpgsqlConnection connection, NumberedCommit[] group)
    {
        NumberedCommit[] snapshots = Array.FindAll(group, one => one.Commit.Snapshot is not null);
        (long Partition, OffsetRange Range)[] trims =
            [.. snapshots.SelectMany(one => one.Commit.Trim.Select(range => (one.Partition, range)))];
        await using var command = new NpgsqlCommand(Append, connection)
        {
            Parameters =
            {
                Numbers(group, one => one.Partition),
                Numbers(group, one => one.Commit.Epoch),
                Numbers(group, one => one.Commit.FirstOffset),
                Numbers(group, one => one.Commit.NextOffset),
                Numbers(group, one => RowChecksum.Of([], one.Commit.Epoch, one.Commit.NextOffset)),
                Numbers(group, one => HashOf(one.Partition, one.Commit.FirstOffset, one.Commit.NextOffset, one.Commit.Payload)),
                Bytes(group, one => one.Commit.Payload),
                Numbers(snapshots, one => one.Partition),
                Numbers(snapshots, one => one.Commit.NextOffset),
                Numbers(snapshots, one => RowChecksum.Of(one.Commit.Snapshot!.Value.Span, one.Partition, one.Commit.NextOffset)),
                Bytes(snapshots, one => one.Commit.Snapshot!.Value),
                Numbers(trims, trim => trim.Partition),
                Numbers(trims, trim => trim.Range.First),
                Numbers(trims, trim => trim.Range.End),
            },
        };
        await command.PrepareAsync().ConfigureAwait(false); // kept by the connection under its text
        HashSet<long> owned = [];
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
        while (await reader.ReadAsync().ConfigureAwait(false))
        {
            owned.Add(reader.GetInt64(0));
        }

        return owned;
    }

    /// <summary>As <see cref="IPartitionLog.ReadAsync"/>.</summary>
    public static async Task<IReadOnlyList<LogRow>> ReadAsync(
        NpgsqlConnection connection,
        PartitionId partition,
        long number,
        long offset,
        int maxBytes,
        CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(
            connection,
            """
            SELECT first_offset, next_offset, hash, payload FROM (
                SELECT *, sum(octet_length(payload)) OVER (ORDER BY first_offset) - octet_length(payload) AS bytes_before
                FROM (
                    SELECT * FROM granary_queue_log
                    WHERE partition = $1 AND next_offset > $2 AND first_offset >= COALESCE(
                        (SELECT MAX(first_offset) FROM granary_queue_log WHERE partition = $1 AND first_offset <= $2), $2)
                    ORDER BY first_offset LIMIT $4) AS wanted) AS measured
            WHERE bytes_before < $3 ORDER BY first_offset
            """,
            number,
            offset,
            maxBytes,
            MaxRows);
        List<LogRow> rows = [];
        await using NpgsqlDataReader reader = await command
            .ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            (long first, long next, long hash) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
            byte[] payload = await reader.GetFieldValueAsync<byte[]>(3, cancellationToken).ConfigureAwait(false);
            if (HashOf(number, first, next, payload) != hash)
            {
                throw new QueueDamagedException(new LogDamage(partition, first, "The checksum of the row does not match."));
            }

            rows.Add(new LogRow(first, next, payload));
        }

        return rows;
    }

    /// <summary>Removes what a partition has, and its owner.</summary>
    /// <param name="connection">In a transaction.</param>
    /// <param name="number">The partition.</param>
    /// <param name="epoch">Its next one.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task ClearAsync(
        NpgsqlConnection connection, long number, long epoch, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            connection,
            "UPDATE granary_queue_partition SET epoch = $1, next_offset = 0, hash = $2, leases = NULL WHERE id = $3",
            cancellationToken,
            epoch,
            RowChecksum.Of([], epoch, 0),
            number).ConfigureAwait(false);
        foreach (string statement in (string[])
        [
            "DELETE FROM granary_queue_log WHERE partition = $1",
            "DELETE FROM granary_queue_snapshot WHERE partition = $1",
        ])
        {
            await ExecuteAsync(connection, statement, cancellationToken, number).ConfigureAwait(false);
        }
    }

    public static Task<int> ReportAsync(
        NpgsqlConnection connection, LogDamage damage, CancellationToken cancellationToken) => ExecuteAsync(
        connection,
        """
        INSERT INTO granary_queue_damage(queue, position, first_offset, reason) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING
        """,
        cancellationToken,
        damage.Partition.Queue,
        damage.Partition.Index,
        damage.Offset,
        damage.Reason);

    public static async Task<List<LogDamage>> ReadDamageAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(
            connection, "SELECT queue, position, first_offset, reason FROM granary_queue_damage");
        List<LogDamage> damage = [];
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            PartitionId partition = new(reader.GetString(0), reader.GetInt32(1));
            damage.Add(new LogDamage(partition, reader.GetInt64(2), reader.GetString(3)));
        }

        return damage;
    }

    /// <summary>Executes a statement whose values stand for $1, $2 and so on.</summary>
    /// <returns>Rows that it has changed.</returns>
    public static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, string statement, CancellationToken cancellationToken, params object[] values)
    {
        await using NpgsqlCommand command = Command(connection, statement, values);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A statement whose values stand for $1, $2 and so on.</summary>
    public static NpgsqlCommand Command(NpgsqlConnection connection, string statement, params object[] values)
    {
#pragma warning disable CA2100 // statements are constants of this folder
        var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        foreach (object value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static async Task<long?> ReadAsync(
        NpgsqlConnection connection, string statement, PartitionId partition, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(connection, statement, partition.Queue, partition.Index);
        return (long?)await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<PartitionOwnerRow> ReadOwnerAsync(
        NpgsqlConnection connection, PartitionId partition, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(
            connection,
            """
            SELECT id, epoch, next_offset, hash, leases FROM granary_queue_partition
            WHERE queue = $1 AND position = $2 FOR UPDATE
            """,
            partition.Queue,
            partition.Index);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        (long number, long epoch, long nextOffset) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        bool isNew = epoch == 0 && nextOffset == 0;
        if (!isNew && reader.GetInt64(3) != RowChecksum.Of([], epoch, nextOffset))
        {
            throw new QueueDamagedException(new LogDamage(partition, nextOffset, "The checksum of the owner does not match."));
        }

        byte[] leases = await reader.IsDBNullAsync(4, cancellationToken).ConfigureAwait(false)
            ? []
            : await reader.GetFieldValueAsync<byte[]>(4, cancellationToken).ConfigureAwait(false);
        return new PartitionOwnerRow(number, epoch, nextOffset, leases);
    }

    private static long HashOf(long partition, long first, long next, ReadOnlyMemory<byte> payload) =>
        RowChecksum.Of(payload.Span, (partition << OffsetBits) ^ first, next);

    private static NpgsqlParameter<long[]> Numbers<T>(T[] items, Converter<T, long> number) =>
        new() { TypedValue = Array.ConvertAll(items, number), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    private static NpgsqlParameter<byte[][]> Bytes<T>(T[] items, Converter<T, ReadOnlyMemory<byte>> bytes) => new()
    {
        TypedValue = Array.ConvertAll(items, item => bytes(item).ToArray()),
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
    };
}
