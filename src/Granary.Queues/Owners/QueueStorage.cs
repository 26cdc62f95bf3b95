using Granary.Queues.Logs;
using Granary.Queues.Logs.Sqlite;

namespace Granary.Queues.Owners;

/// <summary>What a silo that keeps queues has of them on its disk and in its memory. Thread-safe.</summary>
public sealed class QueueStorage : IAsyncDisposable
{
    private readonly SqlitePartitionLog _disk;
    private readonly MemoryPartitionLog _memory = new();
    private readonly TimeProvider _time;

    /// <summary>Opens the database, or makes it.</summary>
    /// <param name="folder">It is made if it is not there.</param>
    /// <param name="time">For leases, due times and expirations.</param>
    /// <exception cref="GranaryUnavailableException">It cannot be opened, or another process has it.</exception>
    /// <exception cref="QueueDamagedException">The file is no database any more. It stays as it is.</exception>
    public QueueStorage(string folder, TimeProvider time)
    {
        _time = time;
        string path = Path.Combine(folder, "queues.db");
        try
        {
            Directory.CreateDirectory(folder);
            _disk = new SqlitePartitionLog(new SqliteLogOptions { Path = path });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GranaryUnavailableException($"The queues' database {path} cannot be opened: {exception.Message}", exception);
        }

        Catalog = new SqliteQueueCatalog(_disk);
    }

    /// <summary>The queues, also those whose messages are in memory only.</summary>
    public IQueueCatalog Catalog { get; }

    /// <summary>What was found damaged. Empty is healthy.</summary>
    public IReadOnlyList<LogDamage> Damage => _disk.Damage;

    /// <summary>Takes a partition over.</summary>
    /// <exception cref="QueueDamagedException">Its log is damaged.</exception>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    public Task<PartitionOwner> OpenAsync(PartitionId partition, QueueOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        IPartitionLog log = options.Durability == Durability.Memory ? _memory : _disk;
        Random random = new(HashCode.Combine(partition.Index, _time.GetTimestamp())); // spreads retries over partitions
        return PartitionOwner.OpenAsync(log, partition, options, _time, random, cancellationToken);
    }

    /// <summary>Removes a queue whose partitions are closed, with its messages.</summary>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    public async Task DeleteAsync(string queue, CancellationToken cancellationToken)
    {
        await Catalog.DeleteAsync(queue, cancellationToken).ConfigureAwait(false);
        _memory.Delete(queue);
    }

    /// <summary>Writes what waits and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disk.DisposeAsync().ConfigureAwait(false);
        await _memory.DisposeAsync().ConfigureAwait(false);
    }
}
