using Granary.Queues.Logs;
using Granary.Queues.Logs.Sqlite;
using Granary.Queues.Owners;
using Microsoft.Data.Sqlite;

namespace Granary.Queues.Tests.Logs;

/// <summary>A folder with a log in it, deleted at the end.</summary>
internal sealed class LogFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("granary-queues-");

    public static PartitionId Partition { get; } = new("orders", 0);

    public string Path => System.IO.Path.Combine(_folder.FullName, "queues.db");

    public SqlitePartitionLog Open(long maxBytes = long.MaxValue) =>
        new(new SqliteLogOptions { Path = Path, MaxBytes = maxBytes, MinFreeBytes = 0, ReserveBytes = 1 << 20 });

    /// <summary>A log that is soon full, and soon copies its write-ahead file into the database.</summary>
    public static SqlitePartitionLog OpenSmall(string path) => new(new SqliteLogOptions
    {
        Path = path,
        MaxBytes = 3 << 20,
        MinFreeBytes = 0,
        ReserveBytes = 1 << 20,
        CheckpointBytes = 256 << 10,
    });

    public static Task<PartitionOwner> OwnAsync(IPartitionLog log, QueueOptions? options = null, TimeProvider? time = null) =>
        OwnerChange.OpenAsync(
            log,
            Partition,
            Definitions.Queue(options),
            time ?? TimeProvider.System,
            new Random(1),
            leases: null,
            CancellationToken.None);

    public void Execute(string statement)
    {
        using SqliteConnection connection = new($"Data Source={Path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = statement;
        Assert.True(command.ExecuteNonQuery() != 0, statement);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
