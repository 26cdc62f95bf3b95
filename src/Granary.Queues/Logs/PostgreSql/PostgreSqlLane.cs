using System.Threading.Channels;
using Npgsql;

namespace Granary.Queues.Logs.PostgreSql;

/// <summary>
/// Writes the commits of some partitions on one connection, one group after the other: what waits when a group is written
/// makes the next one, so nobody waits on a timer. Thread-safe.
/// </summary>
internal sealed class PostgreSqlLane : IAsyncDisposable
{
    private const long MaxGroupBytes = 4 << 20;
    private const int MaxDeadlocks = 3;

    private readonly NpgsqlDataSource _source;
    private readonly Channel<Waiting> _waiting = Channel.CreateUnbounded<Waiting>(); // an owner has one at a time
    private readonly Task _running;
    private NpgsqlConnection? _connection;
    private bool? _isStrict; // null: as the database, or the user, has been set, which may be either

    public PostgreSqlLane(NpgsqlDataSource source)
    {
        _source = source;
        _running = Task.Run(RunAsync);
    }

    private sealed record Waiting(NumberedCommit Commit, TaskCompletionSource<CommitOutcome> Written);

    /// <summary>Transactions written.</summary>
    public long Transactions { get; private set; }

    /// <summary>Those that have waited for the disk.</summary>
    public long StrictTransactions { get; private set; }

    /// <exception cref="GranaryUnavailableException">The lane has ended.</exception>
    public Task<CommitOutcome> CommitAsync(long partition, PartitionCommit commit)
    {
        TaskCompletionSource<CommitOutcome> written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _waiting.Writer.TryWrite(new Waiting(new NumberedCommit(partition, commit), written))
            ? written.Task
            : throw new GranaryUnavailableException("The queues' log is closed.");
    }

    /// <summary>Writes what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_waiting.Writer.TryComplete())
        {
            await _running.ConfigureAwait(false);
            await DropConnectionAsync().ConfigureAwait(false);
        }
    }

    private async Task RunAsync()
    {
        List<Waiting> group = [];
        Waiting? left = null; // of a partition that was in the last group: a group has one commit of each
        while (left is not null || await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            left = Fill(group, left);
            CommitOutcome[] outcomes = await WriteAsync([.. group.Select(one => one.Commit)]).ConfigureAwait(false);
            for (int index = 0; index < outcomes.Length; index++)
            {
                group[index].Written.SetResult(outcomes[index]);
            }
        }
    }

    private Waiting? Fill(List<Waiting> group, Waiting? left)
    {
        group.Clear();
        HashSet<long> partitions = [];
        long bytes = 0;
        Waiting? next = left;
        while (bytes < MaxGroupBytes && (next is not null || _waiting.Reader.TryRead(out next)))
        {
            if (!partitions.Add(next.Commit.Partition))
            {
                return next;
            }

            group.Add(next);
            bytes += next.Commit.Commit.Payload.Length + (next.Commit.Commit.Snapshot?.Length ?? 0);
            next = null;
        }

        return null;
    }

    private async Task<CommitOutcome[]> WriteAsync(NumberedCommit[] group)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await ConnectAsync().ConfigureAwait(false)
                    ? await TryWriteAsync(_connection!, group).ConfigureAwait(false)
                    : [.. Enumerable.Repeat(CommitOutcome.Unreachable, group.Length)];
            }
            catch (PostgresException exception) when (
                exception.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < MaxDeadlocks)
            {
                // With an owner that has been replaced, on another silo: nothing was written.
            }
            catch (Exception exception) // the edge: whatever it was, who waits for this group is told, and the next one is tried
            {
                await DropConnectionAsync().ConfigureAwait(false);
                CommitOutcome outcome = exception is PostgresException { SqlState: PostgresErrorCodes.DiskFull }
                    ? CommitOutcome.Full
                    : CommitOutcome.Failed;
                return [.. Enumerable.Repeat(outcome, group.Length)];
            }
        }
    }

    // Whoever finds no connection knows that nothing was written.
    private async Task<bool> ConnectAsync()
    {
        try
        {
            _connection ??= await _source.OpenConnectionAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (PostgreSqlCalls.IsFailure(exception))
        {
            return false;
        }
    }

    private async Task<CommitOutcome[]> TryWriteAsync(NpgsqlConnection connection, NumberedCommit[] group)
    {
        bool strict = Array.Exists(group, one => one.Commit.Durability == Durability.Strict);
        if (strict != _isStrict)
        {
            await SetStrictAsync(connection, strict).ConfigureAwait(false);
        }

        HashSet<long> owned = await PostgreSqlRows.AppendAsync(connection, group).ConfigureAwait(false);
        Transactions++;
        StrictTransactions += strict ? 1 : 0;
        return Array.ConvertAll(
            group, one => owned.Contains(one.Partition) ? CommitOutcome.Committed : CommitOutcome.Stale);
    }

    private async Task SetStrictAsync(NpgsqlConnection connection, bool strict)
    {
        await using var command = new NpgsqlCommand(
            strict ? "SET synchronous_commit = on" : "SET synchronous_commit = off", connection);
        await command.ExecuteNonQueryAsync().ConfigureAwait(false);
        _isStrict = strict;
    }

    // What it has set goes with it.
    private async Task DropConnectionAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
            _connection = null;
            _isStrict = null;
        }
    }
}
