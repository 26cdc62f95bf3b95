using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Granary.Queues.Logs.Sqlite;

/// <summary>
/// The log of all partitions of a silo in one SQLite database. One thread writes: what waits when a commit ends makes
/// the next one, so one flush of the disk serves all partitions and nobody waits on a timer. Another thread reads.
/// </summary>
/// <remarks>
/// The database belongs to one process, by a locked file beside it. On a full disk a commit is tried again with the
/// reserve (<see cref="SqliteLogOptions.ReserveBytes"/>). After any other failure the connection is opened anew, because
/// what a failed flush has written cannot be known.
/// </remarks>
public sealed class SqlitePartitionLog : IPartitionLog
{
    private const long MaxGroupBytes = 16 << 20;
    private const int Full = 13; // SQLITE_FULL
    private const int Corrupt = 11; // SQLITE_CORRUPT
    private const int NotADatabase = 26; // SQLITE_NOTADB

    private static readonly PartitionId Everything = new("*", -1);

    private readonly SqliteLogOptions _options;
    private readonly FileStream _lock;
    private readonly DiskSpace _space;
    private readonly ConcurrentDictionary<PartitionId, long> _numbers = [];
    private readonly ConcurrentDictionary<LogDamage, bool> _damage = [];
    private readonly SqliteWorker<WriterWork> _writer;
    private readonly SqliteWorker<Action> _reader;
    private SqliteSession? _writes;
    private SqliteSession? _reads;

    /// <summary>Opens the database, or makes it.</summary>
    /// <exception cref="GranaryUnavailableException">It cannot be opened, or another process has it.</exception>
    /// <exception cref="QueueDamagedException">The file is no database any more. It stays as it is.</exception>
    public SqlitePartitionLog(SqliteLogOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _space = new DiskSpace(options);
        try
        {
            _lock = new FileStream(options.Path + "-lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new GranaryUnavailableException($"{options.Path} belongs to another process.", exception);
        }

        try
        {
            _writes = new SqliteSession(options);
            SqliteRows.ReadDamage(_writes).ForEach(damage => _damage[damage] = true);
        }
        catch (SqliteException exception)
        {
            _lock.Dispose();
            throw IsDamage(exception)
                ? new QueueDamagedException(new LogDamage(Everything, -1, exception.Message))
                : new GranaryUnavailableException($"{options.Path} cannot be opened.", exception);
        }

        _writer = new("granary-queue-log", work => work.Commit?.Payload.Length ?? 0, MaxGroupBytes, Write);
        _reader = new("granary-queue-read", _ => 1, 1, actions => actions[0]());
    }

    /// <inheritdoc/>
    public bool HasRoom => _space.HasRoom;

    /// <inheritdoc/>
    public IReadOnlyList<LogDamage> Damage => [.. _damage.Keys];

    /// <inheritdoc/>
    public long Transactions { get; private set; }

    /// <inheritdoc/>
    public long StrictTransactions { get; private set; }

    /// <inheritdoc/>
    public async Task<PartitionOpening> OpenAsync(PartitionId partition, CancellationToken cancellationToken)
    {
        if (_damage.Keys.FirstOrDefault(damage => damage.Partition == partition) is { } damage)
        {
            throw new QueueDamagedException(damage);
        }

        (long number, PartitionOpening opening) = await ChangeAsync(
            session => SqliteRows.Open(session, partition), cancellationToken, partition).ConfigureAwait(false);
        _numbers[partition] = number;
        return opening;
    }

    /// <inheritdoc/>
    public Task<CommitOutcome> CommitAsync(PartitionCommit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        TaskCompletionSource<CommitOutcome> written = NewCompletion<CommitOutcome>();
        Add(new WriterWork(commit, written, null));
        return written.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LogRow>> ReadAsync(
        PartitionId partition, long offset, int maxBytes, CancellationToken cancellationToken)
    {
        TaskCompletionSource<IReadOnlyList<LogRow>> read = NewCompletion<IReadOnlyList<LogRow>>();
        if (!_reader.TryAdd(() => Answer(read, partition, () => Read(partition, offset, maxBytes))))
        {
            throw Closed();
        }

        return await read.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Report(LogDamage damage)
    {
        ArgumentNullException.ThrowIfNull(damage);

        // In the database too, so that a restart does not forget it; if that fails, the next look finds it again.
        _damage[damage] = true;
        _writer.TryAdd(new WriterWork(null, null, () =>
        {
            try
            {
                SqliteRows.Report(_writes ??= new SqliteSession(_options), damage);
            }
            catch (SqliteException)
            {
                Reset();
            }
        }));
    }

    /// <summary>Writes what waits and closes the database.</summary>
    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _writer.Dispose();
        _reads?.Dispose();
        _writes?.Dispose();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The queue's rows are gone, and its subscriptions'.</summary>
    internal void ForgetDamage(string queue)
    {
        foreach (LogDamage damage in _damage.Keys.Where(damage => damage.Partition.BelongsTo(queue)))
        {
            _damage.TryRemove(damage, out _);
        }
    }

    /// <summary>A transaction of its own, strictly durable, in turn with the commits.</summary>
    /// <exception cref="GranaryUnavailableException">It was not done.</exception>
    internal Task<T> ChangeAsync<T>(
        Func<SqliteSession, T> change, CancellationToken cancellationToken, PartitionId? partition = null)
    {
        TaskCompletionSource<T> changed = NewCompletion<T>();
        Add(new WriterWork(null, null, () => Answer(changed, partition ?? Everything, () => Change(change))));
        return changed.Task.WaitAsync(cancellationToken);
    }

    private void Add(WriterWork work)
    {
        if (!_writer.TryAdd(work))
        {
            throw Closed();
        }
    }

    private GranaryUnavailableException Closed() => new($"{_options.Path} is closed.");

    private T Change<T>(Func<SqliteSession, T> change)
    {
        SqliteSession session = _writes ??= new SqliteSession(_options);
        session.SetStrict(true);
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            T result = change(session);
            session.Execute("COMMIT");
            return result;
        }
        catch
        {
            Reset();
            throw;
        }
    }

    private IReadOnlyList<LogRow> Read(PartitionId partition, long offset, int maxBytes)
    {
        try
        {
            _reads ??= new SqliteSession(_options);
            if (!_numbers.TryGetValue(partition, out long number))
            {
                number = SqliteRows.ReadOwner(_reads, partition).Number; // nobody has opened it since the start
            }

            return SqliteRows.Read(_reads, partition, number, offset, maxBytes);
        }
        catch (SqliteException)
        {
            _reads?.Dispose();
            _reads = null;
            throw;
        }
    }

    // One thread. Commits that wait together make one transaction; anything else comes between.
    private void Write(IReadOnlyList<WriterWork> group)
    {
        List<WriterWork> commits = [];
        foreach (WriterWork work in group)
        {
            if (work.Commit is not null)
            {
                commits.Add(work);
                continue;
            }

            Commit(commits);
            commits.Clear();
            work.Action!();
        }

        Commit(commits);
    }

    private void Commit(List<WriterWork> commits)
    {
        if (commits.Count == 0)
        {
            return;
        }

        CommitOutcome[] outcomes = TryCommit(commits);
        if (outcomes[0] == CommitOutcome.Full && _space.TryGiveUpReserve())
        {
            outcomes = TryCommit(commits);
        }

        for (int index = 0; index < outcomes.Length; index++)
        {
            commits[index].Written!.SetResult(outcomes[index]);
        }
    }

    private CommitOutcome[] TryCommit(List<WriterWork> commits)
    {
        CommitOutcome[] outcomes = new CommitOutcome[commits.Count];
        try
        {
            SqliteSession session = _writes ??= new SqliteSession(_options);
            session.SetStrict(commits.Exists(work => work.Commit!.Durability == Durability.Strict));
            session.Execute("BEGIN IMMEDIATE");
            for (int index = 0; index < outcomes.Length; index++)
            {
                PartitionCommit commit = commits[index].Commit!;
                bool owned = _numbers.TryGetValue(commit.Partition, out long number)
                    && SqliteRows.Append(session, number, commit);
                outcomes[index] = owned ? CommitOutcome.Committed : CommitOutcome.Stale;
            }

            session.Execute("COMMIT");
            Transactions++;
            StrictTransactions += session.IsStrict ? 1 : 0;
            (long used, long reusable) = session.CountBytes();
            _space.Used(used, reusable);
        }
        catch (SqliteException exception)
        {
            Reset();
            Array.Fill(outcomes, exception.SqliteErrorCode == Full ? CommitOutcome.Full : CommitOutcome.Failed);
        }

        return outcomes;
    }

    // Closing rolls back. The next use opens anew.
    private void Reset()
    {
        _writes?.Dispose();
        _writes = null;
    }

    // The edge of a thread: whatever goes wrong is the caller's answer.
    private void Answer<T>(TaskCompletionSource<T> answer, PartitionId partition, Func<T> work)
    {
        try
        {
            answer.SetResult(work());
        }
        catch (QueueDamagedException exception)
        {
            Report(exception.Damage);
            answer.SetException(exception);
        }
        catch (SqliteException exception) when (IsDamage(exception))
        {
            QueueDamagedException damaged = new(new LogDamage(partition, -1, exception.Message));
            Report(damaged.Damage);
            answer.SetException(damaged);
        }
        catch (Exception exception)
        {
            answer.SetException(new GranaryUnavailableException($"{_options.Path} failed: {exception.Message}", exception));
        }
    }

    private static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is Corrupt or NotADatabase;

    private static TaskCompletionSource<T> NewCompletion<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed record WriterWork(PartitionCommit? Commit, TaskCompletionSource<CommitOutcome>? Written, Action? Action);
}
