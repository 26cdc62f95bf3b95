using Microsoft.Data.Sqlite;

namespace Granary.Queues.Logs.Sqlite;

/// <summary>One connection with its prepared statements. One thread.</summary>
internal sealed class SqliteSession : IDisposable
{
    public const int OffsetBits = 48; // a row's key is partition number, then first offset
    public const long PageBytes = 4096; // SQLite's default

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS queue(name TEXT PRIMARY KEY, definition TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS partition(
            id INTEGER PRIMARY KEY, queue TEXT NOT NULL, position INTEGER NOT NULL,
            epoch INTEGER NOT NULL, next_offset INTEGER NOT NULL, hash INTEGER NOT NULL, UNIQUE(queue, position));
        CREATE TABLE IF NOT EXISTS snapshot(
            partition INTEGER PRIMARY KEY, first_after INTEGER NOT NULL, hash INTEGER NOT NULL, state BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS log(
            id INTEGER PRIMARY KEY, next_offset INTEGER NOT NULL, hash INTEGER NOT NULL, payload BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS damage(
            queue TEXT NOT NULL, position INTEGER NOT NULL, first_offset INTEGER NOT NULL, reason TEXT NOT NULL,
            PRIMARY KEY(queue, position, first_offset));
        """;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
    private bool _strict = true;

    public SqliteSession(SqliteLogOptions options)
    {
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = options.Path, Pooling = false, DefaultTimeout = 60 }.ToString());
        try
        {
            _connection.Open();
            Execute("PRAGMA journal_mode=WAL");
            Execute("PRAGMA synchronous=FULL"); // the write-ahead log is flushed with each commit
            Execute($"PRAGMA wal_autocheckpoint={options.CheckpointBytes / PageBytes}");
            Execute("PRAGMA journal_size_limit=67108864");
            if (options.MaxBytes < long.MaxValue)
            {
                Execute($"PRAGMA max_page_count={(options.MaxBytes + options.ReserveBytes) / PageBytes}");
            }

            Execute(Schema);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    public static long KeyOf(long partition, long offset) => (partition << OffsetBits) | offset;

    /// <summary>Whether commits wait for the disk.</summary>
    public bool IsStrict => _strict;

    /// <summary>Whether commits wait for the disk. Not within a transaction.</summary>
    public void SetStrict(bool strict)
    {
        if (_strict != strict)
        {
            Execute(strict ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
            _strict = strict;
        }
    }

    /// <summary>Bytes of the database file that hold something, and those that hold nothing any more.</summary>
    public (long Used, long Reusable) CountBytes()
    {
        long free = Number("PRAGMA freelist_count");
        return ((Number("PRAGMA page_count") - free) * PageBytes, free * PageBytes);
    }

    public int Execute(string statement, params ReadOnlySpan<object> values) => Prepare(statement, values).ExecuteNonQuery();

    public long Number(string statement, params ReadOnlySpan<object> values) =>
        Prepare(statement, values).ExecuteScalar() is long number ? number : 0;

    public SqliteDataReader Query(string statement, params ReadOnlySpan<object> values) =>
        Prepare(statement, values).ExecuteReader();

    public void Dispose()
    {
        foreach (SqliteCommand command in _prepared.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    // Values stand for $0, $1 and so on.
    private SqliteCommand Prepare(string statement, ReadOnlySpan<object> values)
    {
        if (!_prepared.TryGetValue(statement, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
#pragma warning disable CA2100 // statements are constants of this folder
            command.CommandText = statement;
#pragma warning restore CA2100
            for (int index = 0; index < values.Length; index++)
            {
                command.Parameters.Add(new SqliteParameter($"${index}", null));
            }

            _prepared.Add(statement, command);
        }

        for (int index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index];
        }

        return command;
    }
}
