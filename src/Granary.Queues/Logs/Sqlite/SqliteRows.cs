using Microsoft.Data.Sqlite;

namespace Granary.Queues.Logs.Sqlite;

/// <summary>What is done to the tables, within whatever transaction the caller has.</summary>
internal static class SqliteRows
{
    /// <summary>Raises the epoch and returns what the new owner starts from.</summary>
    /// <exception cref="QueueDamagedException">A checksum does not match.</exception>
    public static (long Number, PartitionOpening Opening) Open(SqliteSession session, PartitionId partition)
    {
        session.Execute(
            "INSERT OR IGNORE INTO partition(queue, position, epoch, next_offset, hash) VALUES($0, $1, 0, 0, 0)",
            partition.Queue,
            partition.Index);
        (long number, long epoch, long nextOffset) = ReadOwner(session, partition);
        (ReadOnlyMemory<byte> snapshot, long firstAfter) = ReadSnapshot(session, partition, number);
        epoch++;
        session.Execute(
            "UPDATE partition SET epoch=$0, hash=$1 WHERE id=$2",
            epoch,
            RowChecksum.Of([], epoch, nextOffset),
            number);
        return (number, new PartitionOpening(epoch, snapshot, firstAfter, nextOffset));
    }

    /// <returns>False if the epoch or the offset is not what the partition has: nothing is written.</returns>
    public static bool Append(SqliteSession session, long number, PartitionCommit commit)
    {
        // The fence: nobody else can write between this and the insertion, because both are in one transaction.
        int owned = session.Execute(
            "UPDATE partition SET next_offset=$0, hash=$1 WHERE id=$2 AND epoch=$3 AND next_offset=$4",
            commit.NextOffset,
            RowChecksum.Of([], commit.Epoch, commit.NextOffset),
            number,
            commit.Epoch,
            commit.FirstOffset);
        if (owned == 0)
        {
            return false;
        }

        long key = SqliteSession.KeyOf(number, commit.FirstOffset);
        session.Execute(
            "INSERT INTO log(id, next_offset, hash, payload) VALUES($0, $1, $2, $3)",
            key,
            commit.NextOffset,
            RowChecksum.Of(commit.Payload.Span, key, commit.NextOffset),
            commit.Payload.ToArray());
        if (commit.Snapshot is { } snapshot)
        {
            session.Execute(
                "INSERT OR REPLACE INTO snapshot(partition, first_after, hash, state) VALUES($0, $1, $2, $3)",
                number,
                commit.NextOffset,
                RowChecksum.Of(snapshot.Span, number, commit.NextOffset),
                snapshot.ToArray());
            Trim(session, number, commit.Trim);
        }

        return true;
    }

    /// <summary>As <see cref="IPartitionLog.ReadAsync"/>.</summary>
    public static IReadOnlyList<LogRow> Read(
        SqliteSession session, PartitionId partition, long number, long offset, int maxBytes)
    {
        List<LogRow> rows = [];
        using SqliteDataReader reader = session.Query(
            """
            SELECT id, next_offset, hash, payload FROM log
            WHERE id >= COALESCE((SELECT MAX(id) FROM log WHERE id BETWEEN $0 AND $1), $1) AND id < $2 ORDER BY id
            """,
            SqliteSession.KeyOf(number, 0),
            SqliteSession.KeyOf(number, offset),
            SqliteSession.KeyOf(number + 1, 0));
        for (int bytes = 0; bytes < maxBytes && reader.Read();)
        {
            long key = reader.GetInt64(0);
            long first = key - SqliteSession.KeyOf(number, 0);
            long next = reader.GetInt64(1);
            if (next <= offset && next > first)
            {
                continue; // the row before the offset, whose own is trimmed
            }

            byte[] payload = reader.GetFieldValue<byte[]>(3);
            if (RowChecksum.Of(payload, key, next) != reader.GetInt64(2))
            {
                throw new QueueDamagedException(new LogDamage(partition, first, "The checksum of the row does not match."));
            }

            rows.Add(new LogRow(first, next, payload));
            bytes += payload.Length;
        }

        return rows;
    }

    public static void Report(SqliteSession session, LogDamage damage) =>
        session.Execute(
            "INSERT OR IGNORE INTO damage(queue, position, first_offset, reason) VALUES($0, $1, $2, $3)",
            damage.Partition.Queue,
            damage.Partition.Index,
            damage.Offset,
            damage.Reason);

    public static List<LogDamage> ReadDamage(SqliteSession session)
    {
        List<LogDamage> damage = [];
        using SqliteDataReader reader = session.Query("SELECT queue, position, first_offset, reason FROM damage");
        while (reader.Read())
        {
            PartitionId partition = new(reader.GetString(0), reader.GetInt32(1));
            damage.Add(new LogDamage(partition, reader.GetInt64(2), reader.GetString(3)));
        }

        return damage;
    }

    private static void Trim(SqliteSession session, long number, IReadOnlyList<OffsetRange> ranges)
    {
        foreach (OffsetRange range in ranges)
        {
            session.Execute(
                "DELETE FROM log WHERE id >= $0 AND id < $1 AND next_offset <= $2",
                SqliteSession.KeyOf(number, range.First),
                SqliteSession.KeyOf(number, range.End),
                range.End);
        }
    }

    /// <summary>Of a partition that was opened before.</summary>
    /// <exception cref="QueueDamagedException">The checksum does not match.</exception>
    public static (long Number, long Epoch, long NextOffset) ReadOwner(SqliteSession session, PartitionId partition)
    {
        using SqliteDataReader reader = session.Query(
            "SELECT id, epoch, next_offset, hash FROM partition WHERE queue=$0 AND position=$1",
            partition.Queue,
            partition.Index);
        reader.Read();
        (long number, long epoch, long nextOffset) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        bool isNew = epoch == 0 && nextOffset == 0;
        bool intact = isNew || reader.GetInt64(3) == RowChecksum.Of([], epoch, nextOffset);
        return intact
            ? (number, epoch, nextOffset)
            : throw new QueueDamagedException(new LogDamage(partition, nextOffset, "The checksum of the owner does not match."));
    }

    private static (ReadOnlyMemory<byte> Snapshot, long FirstAfter) ReadSnapshot(
        SqliteSession session, PartitionId partition, long number)
    {
        using SqliteDataReader reader = session.Query(
            "SELECT first_after, hash, state FROM snapshot WHERE partition=$0", number);
        if (!reader.Read())
        {
            return (default, 0);
        }

        long firstAfter = reader.GetInt64(0);
        byte[] state = reader.GetFieldValue<byte[]>(2);
        return RowChecksum.Of(state, number, firstAfter) == reader.GetInt64(1)
            ? (state, firstAfter)
            : throw new QueueDamagedException(new LogDamage(partition, -1, "The checksum of the snapshot does not match."));
    }
}
