using System.Collections.Concurrent;
using Npgsql;

namespace Granary.Queues.Logs.PostgreSql;

/// <summary>
/// The log of a cluster's partitions in PostgreSQL: any silo opens any partition, and an owner that has been replaced
/// writes nothing any more, because the database compares its epoch.
/// </summary>
/// <remarks>
/// Partitions are divided among a few lanes, each a connection of its own, so that one lane sends while the others wait
/// for the disk. A full disk refuses sends; there is no reserve here, and settlements wait for room as well.
/// </remarks>
public sealed class PostgreSqlPartitionLog : IPartitionLog
{
    private const int LaneCount = 2;

    private static readonly TimeSpan FullTime = TimeSpan.FromSeconds(1); // after a full disk, before the next try

    private readonly NpgsqlDataSource _source;
    private readonly TimeProvider _time;
    private readonly PostgreSqlLane[] _lanes;
    private readonly ConcurrentDictionary<PartitionId, long> _numbers = [];
    private readonly ConcurrentDictionary<LogDamage, bool> _damage = [];
    private long _fullAt;
    private volatile bool _wasFull;
    private Task _reports = Task.CompletedTask;

    private PostgreSqlPartitionLog(NpgsqlDataSource source, TimeProvider time)
    {
        _source = source;
        _time = time;
        _lanes = [.. Enumerable.Range(0, LaneCount).Select(_ => new PostgreSqlLane(source))];
    }

    /// <inheritdoc/>
    public bool HasRoom => !_wasFull || _time.GetElapsedTime(Volatile.Read(ref _fullAt)) > FullTime;

    /// <inheritdoc/>
    public IReadOnlyList<LogDamage> Damage => [.. _damage.Keys];

    /// <inheritdoc/>
    public long Transactions => _lanes.Sum(lane => lane.Transactions);

    /// <inheritdoc/>
    public long StrictTransactions => _lanes.Sum(lane => lane.StrictTransactions);

    /// <param name="source">Of a database that has the tables; stays the caller's.</param>
    /// <param name="time">For the time between two tries at a full disk.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="GranaryUnavailableException">The database cannot be reached.</exception>
    public static async Task<PostgreSqlPartitionLog> ConnectAsync(
        NpgsqlDataSource source, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(time);
        List<LogDamage> damage = await PostgreSqlCalls.RunAsync(
            source, connection => PostgreSqlRows.ReadDamageAsync(connection, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        var log = new PostgreSqlPartitionLog(source, time);
        damage.ForEach(found => log._damage[found] = true);
        return log;
    }

    /// <inheritdoc/>
    public Task<PartitionOpening> OpenAsync(PartitionId partition, CancellationToken cancellationToken) =>
        ReportingAsync(async () =>
        {
            await RefuseDamagedAsync(partition, cancellationToken).ConfigureAwait(false);
            PartitionOwnerRow owner = await PostgreSqlCalls.ChangeAsync(
                _source,
                connection => PostgreSqlRows.OpenAsync(connection, partition, cancellationToken),
                cancellationToken).ConfigureAwait(false);

            // Not in the transaction, which locks the partition, and is to be over at once.
            (ReadOnlyMemory<byte> snapshot, long firstAfter) = await PostgreSqlCalls.RunAsync(
                _source,
                connection => PostgreSqlRows.ReadSnapshotAsync(connection, partition, owner.Number, cancellationToken),
                cancellationToken).ConfigureAwait(false);
            if (firstAfter > owner.NextOffset)
            {
                throw new GranaryUnavailableException($"Another silo has opened partition {partition} meanwhile.");
            }

            _numbers[partition] = owner.Number;
            return new PartitionOpening(owner.Epoch, snapshot, firstAfter, owner.NextOffset) { Leases = owner.Leases };
        });

    /// <inheritdoc/>
    public async Task ReleaseAsync(
        PartitionId partition, long epoch, ReadOnlyMemory<byte> leases, CancellationToken cancellationToken)
    {
        if (_numbers.TryGetValue(partition, out long number))
        {
            await PostgreSqlCalls.RunAsync(
                _source,
                connection => PostgreSqlRows.ReleaseAsync(connection, number, epoch, leases, cancellationToken),
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> IsOwnerAsync(PartitionId partition, long epoch, CancellationToken cancellationToken) =>
        epoch == await PostgreSqlCalls.RunAsync(
            _source,
            connection => PostgreSqlRows.ReadEpochAsync(connection, partition, cancellationToken),
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        if (!_numbers.TryGetValue(commit.Partition, out long number))
        {
            return CommitOutcome.Stale;
        }

        CommitOutcome outcome = await _lanes[number % LaneCount].CommitAsync(number, commit)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        if (outcome == CommitOutcome.Full)
        {
            Volatile.Write(ref _fullAt, _time.GetTimestamp());
        }

        _wasFull = outcome == CommitOutcome.Full || (_wasFull && outcome != CommitOutcome.Committed);
        return outcome;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LogRow>> ReadAsync(
        PartitionId partition, long offset, int maxBytes, CancellationToken cancellationToken) =>
        ReportingAsync(() => PostgreSqlCalls.RunAsync(
            _source,
            async connection => await PostgreSqlRows.ReadAsync(
                connection,
                partition,
                await NumberOfAsync(connection, partition, cancellationToken).ConfigureAwait(false),
                offset,
                maxBytes,
                cancellationToken).ConfigureAwait(false),
            cancellationToken));

    /// <inheritdoc/>
    public void Report(LogDamage damage)
    {
        ArgumentNullException.ThrowIfNull(damage);
        _damage[damage] = true;
        lock (_lanes)
        {
            _reports = Task.WhenAll(_reports, ReportAsync(damage));
        }
    }

    /// <summary>Writes what waits, reports of damage included, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (PostgreSqlLane lane in _lanes)
        {
            await lane.DisposeAsync().ConfigureAwait(false);
        }

        await _reports.ConfigureAwait(false);
    }

    /// <summary>The queue's rows are gone, and its subscriptions'.</summary>
    internal void ForgetDamage(string queue)
    {
        foreach (LogDamage damage in _damage.Keys.Where(damage => damage.Partition.BelongsTo(queue)))
        {
            _damage.TryRemove(damage, out _);
        }
    }

    // Perhaps another silo's.
    private async Task<long> NumberOfAsync(
        NpgsqlConnection connection, PartitionId partition, CancellationToken cancellationToken)
    {
        if (!_numbers.TryGetValue(partition, out long number))
        {
            number = await PostgreSqlRows.ReadNumberAsync(connection, partition, cancellationToken).ConfigureAwait(false)
                ?? throw new GranaryUnavailableException($"Partition {partition} was never opened.");
        }

        return number;
    }

    private async Task RefuseDamagedAsync(PartitionId partition, CancellationToken cancellationToken)
    {
        List<LogDamage> damage = await PostgreSqlCalls.RunAsync(
            _source, connection => PostgreSqlRows.ReadDamageAsync(connection, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        if (damage.Find(found => found.Partition == partition) is { } earlier)
        {
            throw new QueueDamagedException(earlier);
        }
    }

    // In the database too, so that every silo refuses the partition; if that fails, the next look finds it again.
    private async Task ReportAsync(LogDamage damage)
    {
        try
        {
            await PostgreSqlCalls.RunAsync(
                _source,
                connection => PostgreSqlRows.ReportAsync(connection, damage, CancellationToken.None),
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (GranaryUnavailableException)
        {
        }
    }

    private async Task<T> ReportingAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (QueueDamagedException exception)
        {
            Report(exception.Damage);
            throw;
        }
    }
}
