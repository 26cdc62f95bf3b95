using Granary.Queues.Logs;
using Granary.Queues.Messages;
using Granary.Queues.Partitions;

namespace Granary.Queues.Owners;

/// <summary>
/// Drives one partition: executes commands on its state machine, writes what they leave, and answers once that is
/// durable. While one commit is being written the next one gathers. Thread-safe: one lock, never held while waiting.
/// </summary>
/// <remarks>
/// When a commit is not written the state in memory is ahead of the log; then every waiting and later call throws
/// <see cref="QueueUnavailableException"/>, and the caller opens a new owner.
/// </remarks>
public sealed class PartitionOwner : IAsyncDisposable
{
    private const int MaxPendingBytes = 16 << 20; // of one commit; more sends wait for the next
    private const int CachedBacklog = 4096; // behind a longer one a new message is not wanted soon

    private readonly IPartitionLog _log;
    private readonly PartitionId _id;
    private readonly QueueOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly QueuePartition _partition;
    private readonly CommitPlan _plan;
    private readonly MessageContents _contents;
    private readonly LinkedList<WaitingReceive> _receivers = [];
    private readonly LinkedList<TaskCompletionSource> _senders = [];
    private readonly ITimer _timer;
    private TaskCompletionSource? _gathering;
    private TaskCompletionSource? _writing;
    private long _durableOffset;
    private long _timerAt = long.MaxValue;
    private QueueUnavailableException? _failure;

    private PartitionOwner(
        IPartitionLog log, PartitionId id, QueueOptions options, TimeProvider time, QueuePartition partition, long epoch)
    {
        _log = log;
        _id = id;
        _options = options;
        _time = time;
        _contents = new MessageContents(log, id);
        _partition = partition;
        _plan = new CommitPlan(log, partition, id, epoch, options.Durability);
        _durableOffset = partition.NextOffset;
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes the partition over and rebuilds its state.</summary>
    /// <exception cref="QueueDamagedException">The log is damaged.</exception>
    /// <exception cref="QueueUnavailableException">The log cannot be reached.</exception>
    public static async Task<PartitionOwner> OpenAsync(
        IPartitionLog log,
        PartitionId id,
        QueueOptions options,
        TimeProvider time,
        Random random,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(log);
        PartitionOpening opening = await log.OpenAsync(id, cancellationToken).ConfigureAwait(false);
        QueuePartition partition = await PartitionRecovery
            .RecoverAsync(log, id, opening, options, random, cancellationToken)
            .ConfigureAwait(false);
        PartitionOwner owner = new(log, id, options, time, partition, opening.Epoch);
        owner.OnTimer();
        return owner;
    }

    /// <summary>Stores messages, all or none; answers when they are durable.</summary>
    public async Task<SendResult[]> SendAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        for (bool woken = false; ; woken = true)
        {
            SendResult[]? results;
            Task wait;
            lock (_lock)
            {
                results = TrySend_NeedsLock(messages, woken, out wait);
            }

            await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (results is not null)
            {
                return results;
            }
        }
    }

    /// <summary>Leases messages; with none ready it waits for the first. Empty when the wait is over.</summary>
    /// <param name="max">At most so many.</param>
    /// <param name="wait">At most so long.</param>
    /// <param name="lease">How long each is leased; null: as the queue says.</param>
    /// <param name="cancellationToken">Ends the wait; nothing stays leased.</param>
    public async Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(
        int max, TimeSpan wait, TimeSpan? lease, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        IReadOnlyList<LeasedMessage> leased = await ExecuteAsync(
            now => _receivers.Count == 0 ? _partition.Receive(max, lease, now) : [], DependsOnPending)
            .ConfigureAwait(false);
        if (leased.Count == 0 && wait > TimeSpan.Zero)
        {
            leased = await WaitAsync(new WaitingReceive(max, lease), wait, cancellationToken).ConfigureAwait(false);
        }

        return await WithContentsAsync(leased, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Leases deferred messages by offset; others are left out.</summary>
    public async Task<IReadOnlyList<ReceivedMessage>> ReceiveDeferredAsync(
        IReadOnlyList<long> offsets, TimeSpan? lease, CancellationToken cancellationToken)
    {
        IReadOnlyList<LeasedMessage> leased = await ExecuteAsync(
            now => _partition.ReceiveDeferred(offsets, lease, now)).ConfigureAwait(false);
        return await WithContentsAsync(leased, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Executes a command of the state machine; answers when what it changed is durable.</summary>
    /// <typeparam name="T">The answer.</typeparam>
    /// <param name="command">Gets the state machine and the time; must not keep the state machine.</param>
    public Task<T> ExecuteAsync<T>(Func<QueuePartition, PartitionTime, T> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return ExecuteAsync(now => command(_partition, now));
    }

    /// <summary>Stops: what is being written ends, waiting calls fail, and the partition is free for another owner.</summary>
    public async ValueTask DisposeAsync()
    {
        Task? writing;
        lock (_lock)
        {
            writing = _writing?.Task;
            Fail_NeedsLock(new QueueUnavailableException($"The owner of {_id} is closed."));
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        await (writing ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<T> ExecuteAsync<T>(Func<PartitionTime, T> command, Func<T, bool>? dependsOnPending = null)
    {
        T result;
        Task durable;
        lock (_lock)
        {
            ThrowIfFailed();
            PartitionTime now = PartitionTime.Of(_time);
            _partition.Tick(now);
            result = command(now);
            durable = Changed_NeedsLockAsync(now);
            if (dependsOnPending?.Invoke(result) == false)
            {
                return result;
            }
        }

        await durable.ConfigureAwait(false);
        return result;
    }

    // Null: try again after the wait.
    private SendResult[]? TrySend_NeedsLock(IReadOnlyList<OutgoingMessage> messages, bool woken, out Task wait)
    {
        ThrowIfFailed();
        wait = Task.CompletedTask;
        if (!_log.HasRoom)
        {
            return [.. Enumerable.Repeat(new SendResult(SendOutcome.StorageFull, -1), messages.Count)];
        }

        if (_partition.PendingBytes > MaxPendingBytes)
        {
            wait = Durable_NeedsLockAsync();
            return null;
        }

        PartitionTime now = PartitionTime.Of(_time);
        bool inTurn = woken || _senders.Count == 0 || _options.Overflow == OverflowPolicy.RejectNew;
        SendResult[] results = inTurn ? _partition.Send(messages, now) : [];
        bool full = !inTurn || (results.Length > 0 && results[0].Outcome == SendOutcome.Full);
        if (full && _options.Overflow == OverflowPolicy.Wait)
        {
            TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = woken ? _senders.AddFirst(turn) : _senders.AddLast(turn);
            wait = turn.Task;
            return null;
        }

        wait = Changed_NeedsLockAsync(now);
        return results;
    }

    // After every command: whoever waits for what it brought, the timer, the next commit.
    private Task Changed_NeedsLockAsync(PartitionTime now)
    {
        while (_receivers.First is { } first)
        {
            IReadOnlyList<LeasedMessage> leased = _partition.Receive(first.Value.Max, first.Value.Lease, now);
            if (leased.Count == 0)
            {
                break;
            }

            _receivers.RemoveFirst();
            first.Value.Leased.SetResult(leased);
        }

        if (_senders.First is { } sender && _partition.Messages.Length < _options.MaxLength)
        {
            _senders.RemoveFirst();
            sender.Value.SetResult();
        }

        SetTimer_NeedsLock(now);
        StartCommit_NeedsLock();
        return Durable_NeedsLockAsync();
    }

    private Task Durable_NeedsLockAsync()
    {
        if (_partition.PendingBytes > 0)
        {
            _gathering ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _gathering.Task;
        }

        return _writing?.Task ?? Task.CompletedTask;
    }

    private void StartCommit_NeedsLock()
    {
        if (_writing is null && _failure is null && _plan.TryTake(out PartitionCommit? commit))
        {
            _writing = _gathering ?? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _gathering = null;
            _ = WriteAsync(commit!, _writing);
        }
    }

    private async Task WriteAsync(PartitionCommit commit, TaskCompletionSource written)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // out of the caller's lock
        CommitOutcome outcome;
        try
        {
            outcome = await _log.CommitAsync(commit, CancellationToken.None).ConfigureAwait(false);
        }
        catch (QueueUnavailableException)
        {
            outcome = CommitOutcome.Failed;
        }

        lock (_lock)
        {
            _writing = null;
            if (outcome == CommitOutcome.Committed)
            {
                Written_NeedsLock(commit);
                written.SetResult();
                return;
            }

            QueueUnavailableException failure = new($"A commit of {_id} at {commit.FirstOffset} was not written: {outcome}.");
            written.SetException(failure);
            Fail_NeedsLock(failure);
        }
    }

    private void Written_NeedsLock(PartitionCommit commit)
    {
        _durableOffset = commit.NextOffset;
        if (_partition.Messages.Count(MessageState.Ready) <= CachedBacklog)
        {
            _contents.Add(new LogRow(commit.FirstOffset, commit.NextOffset, commit.Payload));
        }

        StartCommit_NeedsLock();
    }

    private void Fail_NeedsLock(QueueUnavailableException failure)
    {
        _failure ??= failure;
        _gathering?.TrySetException(failure);
        _gathering = null;
        _receivers.ToList().ForEach(receiver => receiver.Leased.SetException(failure));
        _receivers.Clear();
        _senders.ToList().ForEach(sender => sender.SetException(failure));
        _senders.Clear();
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new QueueUnavailableException(_failure.Message, _failure);
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_failure is null)
            {
                _timerAt = long.MaxValue;
                PartitionTime now = PartitionTime.Of(_time);
                _partition.Tick(now);
                _ = Changed_NeedsLockAsync(now);
            }
        }
    }

    private void SetTimer_NeedsLock(PartitionTime now)
    {
        // At most an hour ahead: a wall clock may be set.
        long wait = Math.Min(_partition.NextTick(now) ?? long.MaxValue, 3_600_000);
        if (now.Monotonic + wait < _timerAt && (wait < 3_600_000 || _timerAt == long.MaxValue))
        {
            _timerAt = now.Monotonic + wait;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, wait)), Timeout.InfiniteTimeSpan);
        }
    }

    private async Task<IReadOnlyList<LeasedMessage>> WaitAsync(
        WaitingReceive receive, TimeSpan wait, CancellationToken cancellationToken)
    {
        LinkedListNode<WaitingReceive> node;
        lock (_lock)
        {
            ThrowIfFailed();
            node = _receivers.AddLast(receive);
            _ = Changed_NeedsLockAsync(PartitionTime.Of(_time));
        }

        try
        {
            await receive.Leased.Task.WaitAsync(wait, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Nothing came, or in this moment.
        }
        catch (OperationCanceledException)
        {
            await ReleaseAsync(End(node)).ConfigureAwait(false);
            throw;
        }

        IReadOnlyList<LeasedMessage> leased = End(node);
        return await ExecuteAsync(_ => leased, DependsOnPending).ConfigureAwait(false);
    }

    private IReadOnlyList<LeasedMessage> End(LinkedListNode<WaitingReceive> node)
    {
        lock (_lock)
        {
            if (node.List is not null)
            {
                _receivers.Remove(node);
            }

            return node.Value.Leased.Task is { IsCompletedSuccessfully: true } leased ? leased.GetAwaiter().GetResult() : [];
        }
    }

    // A first lease of a durable message rests on nothing that is not written.
    private bool DependsOnPending(IReadOnlyList<LeasedMessage> leased) =>
        leased.Any(one => one.AcquiredCount > 1 || one.Receipt.Offset >= _durableOffset);

    private Task<int> ReleaseAsync(IReadOnlyList<LeasedMessage> leased) =>
        ExecuteAsync(now => leased.Count(one => _partition.Release(one.Receipt, now) == SettleOutcome.Done));

    private async Task<IReadOnlyList<ReceivedMessage>> WithContentsAsync(
        IReadOnlyList<LeasedMessage> leased, CancellationToken cancellationToken)
    {
        ReceivedMessage[] received = new ReceivedMessage[leased.Count];
        try
        {
            for (int index = 0; index < received.Length; index++)
            {
                StoredMessage content = await _contents
                    .ReadAsync(leased[index].Receipt.Offset, cancellationToken)
                    .ConfigureAwait(false);
                received[index] = new ReceivedMessage(leased[index], content);
            }
        }
        catch (OperationCanceledException)
        {
            await ReleaseAsync(leased).ConfigureAwait(false);
            throw;
        }

        return received;
    }
}
