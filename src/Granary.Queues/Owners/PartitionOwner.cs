using Granary.Queues.Logs;
using Granary.Queues.Partitions;
using Granary.Queues.Topics;

namespace Granary.Queues.Owners;

/// <summary>
/// Drives one partition: executes commands on its state machine, writes what they leave, and answers once that is
/// durable. While one commit is being written the next one gathers. Thread-safe: one lock, never held while waiting.
/// </summary>
/// <remarks>
/// When a commit is not written the state in memory is ahead of the log; then every waiting and later call throws
/// <see cref="GranaryUnavailableException"/>, and the caller opens a new owner.
/// </remarks>
public sealed class PartitionOwner : IAsyncDisposable
{
    private const int MaxPendingBytes = 16 << 20; // of one commit; more sends wait for the next
    private const int CachedBacklog = 4096; // behind a longer one a new message is not wanted soon

    private readonly IPartitionLog _log;
    private readonly PartitionId _id;
    private readonly long _epoch;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly QueuePartition _partition;
    private readonly CommitGathering _commits;
    private readonly MessageContents _contents;
    private readonly Deliveries _deliveries;
    private readonly SendTurns _senders;
    private readonly TickTimer _timer;
    private readonly ReadySignal _ready = new();
    private bool _isClosing;
    private GranaryUnavailableException? _failure;

    internal PartitionOwner(
        IPartitionLog log, PartitionId id, TimeProvider time, RecoveredPartition recovered, long epoch, PartitionId? source = null)
    {
        QueuePartition partition = recovered.State;
        _log = log;
        _id = id;
        _epoch = epoch;
        _time = time;
        _partition = partition;
        _contents = new MessageContents(
            log, id, source ?? id, epoch, offset => Look(seen => PartitionView.Contains(seen.Messages, offset)));
        _deliveries = new Deliveries(this, partition, _contents);
        Reads = new TopicReads(this, partition, _contents, log, time);
        Intake = new TopicIntake(this, partition, _contents);
        _commits = new CommitGathering(
            new CommitPlan(log, recovered, id, epoch, time), log, id, partition, _lock, Written_NeedsLock, Fail_NeedsLock);
        Recent = new RecentCounters(PartitionTime.Of(time));
        _senders = new SendTurns(time);
        _timer = new TickTimer(time, Tick);
    }

    /// <summary>What was counted of late; for those who <see cref="Look"/>.</summary>
    internal RecentCounters Recent { get; }

    /// <summary>Goes with every commit, and with receipts.</summary>
    public long Epoch => _epoch;

    /// <summary>Whether it has failed or is closed; then a new one is to be opened.</summary>
    public bool HasFailed => Volatile.Read(ref _failure) is not null;

    internal PartitionId Id => _id;

    /// <summary>Of a topic.</summary>
    internal TopicReads Reads { get; }

    /// <summary>Of a subscription.</summary>
    internal TopicIntake Intake { get; }

    /// <summary>What is before is durable.</summary>
    internal long DurableOffset => _commits.DurableOffset;

    private QueueOptions Options => _partition.Options.Value;

    /// <summary>Of an owner that has failed or is closed: its leases, for the next one.</summary>
    internal LeaseHandOver? Leases { get; private set; }

    /// <summary>Stores messages, all or none; answers when they are durable.</summary>
    public async Task<SendResult[]> SendAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        for (bool woken = false; ; woken = true)
        {
            SendResult[]? results;
            Task wait;
            LinkedListNode<TaskCompletionSource>? turn;
            lock (_lock)
            {
                results = TrySend_NeedsLock(messages, woken, out wait, out turn);
            }

            if (turn is null)
            {
                await wait.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (!await _senders.WaitAsync(turn, cancellationToken).ConfigureAwait(false))
            {
                LeaveTurn(turn);
                cancellationToken.ThrowIfCancellationRequested();
                return SendTurns.Refuse(messages, SendOutcome.Unavailable);
            }

            if (results is not null)
            {
                return results;
            }
        }
    }

    /// <summary>Leases messages that are ready, in turn; none while the queue is paused.</summary>
    /// <param name="max">At most so many; fewer if they are long (<see cref="QueueLimits.MaxCallBytes"/>).</param>
    /// <param name="lease">How long each is leased; null: as the queue says.</param>
    /// <param name="cancellationToken">Gives up reading their contents; nothing stays leased.</param>
    public Task<LeasedContent[]> ReceiveAsync(int max, TimeSpan? lease, CancellationToken cancellationToken) =>
        _deliveries.ReceiveAsync(max, lease, cancellationToken);

    /// <summary>Leases deferred messages by offset; others, and those that make the answer too long, are left out.</summary>
    /// <exception cref="GranaryQueuePausedException">The queue is paused.</exception>
    public Task<LeasedContent[]> ReceiveDeferredAsync(
        IReadOnlyList<long> offsets, TimeSpan? lease, CancellationToken cancellationToken) =>
        _deliveries.ReceiveDeferredAsync(offsets, lease, cancellationToken);

    /// <summary>
    /// Waits until a message is ready, and the queue not paused. Whoever comes first gets it: a receive after this may find
    /// nothing.
    /// </summary>
    /// <param name="wait">At most so long.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether one is ready.</returns>
    public async Task<bool> WaitUntilReadyAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        Task ready;
        lock (_lock)
        {
            ThrowIfFailed();
            PartitionTime now = PartitionTime.Of(_time);
            _partition.Tick(now);
            ready = _ready.Next;
            _ = Changed_NeedsLockAsync(now);
        }

        try
        {
            await ready.WaitAsync(wait, _time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Messages of one state from an offset on, with their contents, without leasing them.</summary>
    public Task<PeekedContent[]> PeekAsync(
        MessageState state, long fromOffset, int max, CancellationToken cancellationToken) =>
        _deliveries.PeekAsync(state, fromOffset, max, cancellationToken);

    /// <summary>The first messages that have failed and are not given up, with their contents.</summary>
    public Task<PeekedContent[]> PeekFailingAsync(int max, CancellationToken cancellationToken) =>
        _deliveries.PeekFailingAsync(max, cancellationToken);

    /// <summary>What is there, what was done, and how fast.</summary>
    public Task<QueueStatistics> GetStatisticsAsync() =>
        ExecuteAsync(now => Recent.AddTo(_partition.Statistics(now), now));

    /// <summary>Executes a command of the state machine; answers when what it changed is durable.</summary>
    /// <typeparam name="T">The answer.</typeparam>
    /// <param name="command">Gets the state machine and the time; must not keep the state machine.</param>
    public Task<T> ExecuteAsync<T>(Func<QueuePartition, PartitionTime, T> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return ExecuteAsync(now => command(_partition, now));
    }

    /// <summary>
    /// Treats messages by other options from now on. Leases, what waits, and what is being written go on as they are.
    /// </summary>
    /// <param name="options">Not between memory and disk: that is another log.</param>
    public void SetOptions(QueueOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        lock (_lock)
        {
            if (_failure is null) // else the next owner is opened with them
            {
                _partition.Options.Value = options;
                _ = Changed_NeedsLockAsync(PartitionTime.Of(_time)); // there may be room now
            }
        }
    }

    /// <summary>As <see cref="SetOptions"/>, whether it is paused, and for a topic who subscribes.</summary>
    internal void SetDefinition(PartitionDefinition definition)
    {
        lock (_lock)
        {
            _partition.Options.IsPaused = definition.IsPaused;
            _partition.SetTopic(definition.Queue);
        }

        SetOptions(definition.Options); // wakes who waits, if it was resumed
    }

    /// <summary>
    /// Stops: what was done is written, calls that wait for messages or room fail, and the partition is free for another
    /// owner, which goes on with the leases if it is the next.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await CloseAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool wasWell;
        lock (_lock)
        {
            wasWell = _failure is null;
            Fail_NeedsLock(Closed());
        }

        if (wasWell)
        {
            await OwnerChange.ReleaseAsync(_log, _id, Leases!).ConfigureAwait(false);
        }
    }

    /// <summary>What time does, at the beginning and whenever something is due.</summary>
    internal void Tick()
    {
        lock (_lock)
        {
            if (_failure is null)
            {
                _timer.Called();
                PartitionTime now = PartitionTime.Of(_time);
                _partition.Tick(now);
                _ = Changed_NeedsLockAsync(now);
            }
        }
    }

    /// <summary>Refuses calls from now on, and ends those that wait for messages or room.</summary>
    /// <returns>Ends when what was done is written.</returns>
    internal Task CloseAsync()
    {
        lock (_lock)
        {
            _isClosing = true;
            _senders.Fail(Closed());
            _ready.Fail(Closed());
            Reads.Fail(Closed());
            Intake.Fail(Closed());
            return _failure is null ? _commits.Durable : Task.CompletedTask; // what has failed writes nothing more
        }
    }

    /// <summary>The log turned out not to be what was written: nothing more is done with it.</summary>
    internal void Fail(GranaryUnavailableException failure)
    {
        lock (_lock)
        {
            Fail_NeedsLock(failure);
        }
    }

    /// <summary>Whether the message at an offset is on the disk. Within a command.</summary>
    internal bool IsDurable(long offset) => _partition.Role == PartitionRole.Subscription || offset < DurableOffset;

    /// <summary>Of a topic: what nobody needs is to be trimmed. Within a command.</summary>
    internal void TrimSoon()
    {
        _commits.Plan.MustTrimSoon = true;
        _partition.TopicCommands.Trim();
    }

    /// <summary>Looks at the state machine between two commands, also if this has failed. Changes nothing.</summary>
    internal T Look<T>(Func<QueuePartition, T> look)
    {
        lock (_lock)
        {
            return look(_partition);
        }
    }

    internal async Task<T> ExecuteAsync<T>(Func<PartitionTime, T> command, Func<T, bool>? dependsOnPending = null)
    {
        T result;
        Task durable;
        lock (_lock)
        {
            ThrowIfFailed();
            PartitionTime now = PartitionTime.Of(_time);
            Recent.Read(now, _partition.Counters);
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
    private SendResult[]? TrySend_NeedsLock(
        IReadOnlyList<OutgoingMessage> messages, bool woken, out Task wait, out LinkedListNode<TaskCompletionSource>? turn)
    {
        ThrowIfFailed();
        wait = Task.CompletedTask;
        turn = null;
        if (!_log.HasRoom)
        {
            return SendTurns.Refuse(messages, SendOutcome.StorageFull);
        }

        if (_partition.PendingBytes > MaxPendingBytes)
        {
            wait = _commits.Durable;
            return null;
        }

        PartitionTime now = PartitionTime.Of(_time);
        Recent.Read(now, _partition.Counters);
        bool inTurn = woken || _senders.IsEmpty || Options.Overflow == OverflowPolicy.RejectNew;
        SendResult[] results = inTurn ? _partition.Send(messages, now) : [];
        bool full = !inTurn || (results.Length > 0 && results[0].Outcome == SendOutcome.Full);
        if (full && Options.Overflow == OverflowPolicy.Wait)
        {
            turn = _senders.Enter(first: woken);
            return null;
        }

        wait = Changed_NeedsLockAsync(now);
        return results;
    }

    private void LeaveTurn(LinkedListNode<TaskCompletionSource> turn)
    {
        lock (_lock)
        {
            if (!_senders.Leave(turn))
            {
                _ = Changed_NeedsLockAsync(PartitionTime.Of(_time)); // its turn had come: it is the next one's
            }
        }
    }

    // After every command: whoever waits for what it brought, the timer, the next commit.
    private Task Changed_NeedsLockAsync(PartitionTime now)
    {
        _ready.SetIf(_partition.HasReady);
        Intake.Changed();
        if (_partition.Length < Options.MaxLength)
        {
            _senders.CallFirst();
        }

        _timer.Set(now, _partition.NextTick(now));
        _commits.Start();
        return _commits.Durable;
    }

    private void Written_NeedsLock(PartitionCommit commit)
    {
        bool hasMessages = _partition.Role != PartitionRole.Subscription; // else its rows have none, and other offsets
        if (hasMessages && _partition.Messages.Count(MessageState.Ready) <= CachedBacklog)
        {
            _contents.Add(new LogRow(commit.FirstOffset, commit.NextOffset, commit.Payload));
        }

        Reads.Written();
    }

    private void Fail_NeedsLock(GranaryUnavailableException failure)
    {
        long written = _partition.Role == PartitionRole.Subscription ? long.MaxValue : DurableOffset; // the topic's are
        Leases ??= LeaseHandOver.Of(_partition.Messages, _epoch, written, PartitionTime.Of(_time));
        _failure ??= failure;
        _commits.Fail(failure);
        Reads.Fail(failure);
        Intake.Fail(failure);
        _ready.Fail(failure);
        _senders.Fail(failure);
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null || _isClosing)
        {
            throw new GranaryUnavailableException((_failure ?? Closed()).Message, _failure!);
        }
    }

    private GranaryUnavailableException Closed() => new($"The owner of {_id} is closed.");
}
