using Granary.Queues.Logs;
using Granary.Queues.Logs.PostgreSql;
using Granary.Queues.Logs.Sqlite;
using Granary.Queues.Partitions;
using Granary.Queues.Topics;
using Npgsql;

namespace Granary.Queues.Owners;

/// <summary>The queues as a silo has them: in a log that lasts, and in its memory. Thread-safe.</summary>
public sealed class QueueStorage : IAsyncDisposable
{
    private readonly TalliedLog _log;
    private readonly MemoryPartitionLog _memory;
    private readonly SteadyTimeProvider _time;
    private readonly IAsyncDisposable? _source;

    private QueueStorage(IPartitionLog log, IQueueCatalog catalog, SteadyTimeProvider time, IAsyncDisposable? source)
    {
        _log = new TalliedLog(log, Tally, time);
        _memory = new MemoryPartitionLog(time.GetUtcNow().ToUnixTimeMilliseconds());
        _time = time;
        _source = source;
        Catalog = catalog;
    }

    /// <summary>The queues, also those whose messages are in memory only.</summary>
    public IQueueCatalog Catalog { get; }

    /// <summary>What was found damaged. Empty is healthy.</summary>
    public IReadOnlyList<LogDamage> Damage => _log.Damage;

    /// <summary>The log that lasts.</summary>
    internal IPartitionLog Log => _log;

    /// <summary>What became of its commits.</summary>
    internal LogTally Tally { get; } = new();

    /// <summary>Opens the database of one silo, or makes it.</summary>
    /// <param name="folder">It is made if it is not there.</param>
    /// <param name="time">For leases, due times and expirations.</param>
    /// <exception cref="GranaryUnavailableException">It cannot be opened, or another process has it.</exception>
    /// <exception cref="QueueDamagedException">The file is no database any more. It stays as it is.</exception>
    public static QueueStorage OpenFolder(string folder, SteadyTimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        string path = Path.Combine(folder, "queues.db");
        try
        {
            Directory.CreateDirectory(folder);
            SqlitePartitionLog log = new(new SqliteLogOptions { Path = path });
            return new QueueStorage(log, new SqliteQueueCatalog(log), time, source: null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GranaryUnavailableException($"The queues' database {path} cannot be opened: {exception.Message}", exception);
        }
    }

    /// <summary>Connects to the database of a cluster, and makes its tables where they are not there.</summary>
    /// <param name="connection">A PostgreSQL connection string.</param>
    /// <param name="time">For leases, due times and expirations.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="GranaryUnavailableException">The database cannot be reached, or refuses.</exception>
    /// <exception cref="GranaryException">Its tables are a newer Granary's.</exception>
    public static async Task<QueueStorage> ConnectAsync(
        string connection, SteadyTimeProvider time, CancellationToken cancellationToken)
    {
        NpgsqlDataSource source = PostgreSqlSource.Create(connection);
        try
        {
            await PostgreSqlTables.ApplyAsync(source, cancellationToken).ConfigureAwait(false);
            PostgreSqlPartitionLog log =
                await PostgreSqlPartitionLog.ConnectAsync(source, time, cancellationToken).ConfigureAwait(false);
            return new QueueStorage(log, new PostgreSqlQueueCatalog(source, log), time, source);
        }
        catch
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Removes a queue, with its messages.</summary>
    /// <returns>False if it was not there.</returns>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    public async Task<bool> DeleteAsync(string queue, CancellationToken cancellationToken)
    {
        bool wasThere = await Catalog.DeleteAsync(queue, cancellationToken).ConfigureAwait(false);
        Forget(queue);
        return wasThere;
    }

    /// <summary>A queue is gone: its messages that are in this process's memory only go, too.</summary>
    public void Forget(string queue) => _memory.Delete(queue);

    /// <summary>Writes what waits and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync().ConfigureAwait(false);
        await _memory.DisposeAsync().ConfigureAwait(false);
        if (_source is not null)
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes a partition over.</summary>
    /// <param name="partition">Which.</param>
    /// <param name="definition">What it is.</param>
    /// <param name="leases">Of this process's owner before; null: none.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="QueueDamagedException">Its log is damaged.</exception>
    /// <exception cref="GranaryUnavailableException">The log cannot be reached.</exception>
    internal Task<PartitionOwner> OpenAsync(
        PartitionId partition, PartitionDefinition definition, LeaseHandOver? leases, CancellationToken cancellationToken)
    {
        bool isInMemory = definition.Options.Durability == Durability.Memory;
        if (isInMemory)
        {
            _memory.Claim(partition, definition.Creation); // another silo may have deleted the last one
        }

        IPartitionLog log = isInMemory ? _memory : _log;
        Random random = new(HashCode.Combine(partition.Index, _time.GetTimestamp())); // spreads retries over partitions
        return OwnerChange.OpenAsync(log, partition, definition, _time, random, leases, cancellationToken);
    }
}
