namespace Granary.Queues.Logs.Sqlite;

/// <summary>Where a silo's log is, and how large it may be.</summary>
public sealed class SqliteLogOptions
{
    /// <summary>The database file; others beside it have its name and an ending. Its folder must exist.</summary>
    public required string Path { get; init; }

    /// <summary>Beyond this the log takes no sends. Bytes. Default: as much as the disk has.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>With less free than this the log takes no sends. Bytes. Default 64 MiB, several of the largest commits.</summary>
    public long MinFreeBytes { get; init; } = 64 << 20;

    /// <summary>Kept aside on the disk so that settlements can be written when it is full. Bytes. Default 32 MiB.</summary>
    public long ReserveBytes { get; init; } = 32 << 20;

    /// <summary>
    /// The write-ahead file is copied into the database when it has grown by so much. Bytes. Default 16 MiB: larger ones
    /// are rarer and take longer.
    /// </summary>
    public long CheckpointBytes { get; init; } = 16 << 20;
}
