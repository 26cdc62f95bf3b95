using Granary.Queues.Records;

namespace Granary.Queues.Partitions;

/// <summary>
/// The state machine of one partition of a queue. One thread. Commands change the state at once and leave records; who
/// drives it takes them as a commit (<see cref="TryTakeCommit"/>), writes it, and answers only then. If a commit cannot
/// be written, this object is thrown away and another is made from the log.
/// </summary>
/// <remarks>Given the same options, seed, commands and times it does the same.</remarks>
public sealed class QueuePartition
{
    private readonly int _index;
    private readonly long _epoch;
    private readonly LeaseEnds _ends;
    private readonly PartitionHistory _history;
    private readonly LeaseCheck _leases;
    private readonly PartitionJournal _journal;

    /// <summary>A partition without history. <see cref="Restore"/> and <see cref="Replay"/> give it one.</summary>
    /// <param name="options">Validated.</param>
    /// <param name="index">Of the partition in its queue, for receipts.</param>
    /// <param name="epoch">Of this owner; one more than the last owner's.</param>
    /// <param name="random">Spreads retries.</param>
    /// <param name="role">What it does with messages.</param>
    public QueuePartition(
        QueueOptions options, int index, long epoch, Random random, PartitionRole role = PartitionRole.Queue)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = new CurrentOptions(options);
        _index = index;
        _epoch = epoch;
        _ends = new LeaseEnds(Options, new RetryBackoff(Options, random));
        _history = new PartitionHistory(Options, role);
        _journal = new PartitionJournal(_history, Counters);
        _leases = new LeaseCheck(_history, index, epoch);
        TopicCommands = new TopicCommands(_history, _journal);
        Intake = new SubscriptionIntake(_history, _journal, Counters, Options, epoch);
    }

    /// <summary>What it does with messages.</summary>
    public PartitionRole Role => _history.Role;

    /// <summary>Bytes of records not taken yet.</summary>
    public int PendingBytes => _journal.Length;

    /// <summary>Where the next row begins.</summary>
    public long NextOffset => _history.NextOffset;

    /// <summary>Whether a receive would find something, if it has not expired.</summary>
    public bool HasReady => !Options.IsPaused && Messages.PeekReady(out _) is not null;

    /// <summary>May be replaced between commands: what was decided stays, what comes is treated by the new ones.</summary>
    internal CurrentOptions Options { get; }

    internal MessageTable Messages => _history.Messages;

    internal PartitionCounters Counters { get; } = new();

    /// <summary>Of a subscription.</summary>
    internal SubscriptionIntake Intake { get; }

    /// <summary>Of a topic.</summary>
    internal TopicCommands TopicCommands { get; }

    internal TopicLog? Topic => _history.Topic;

    /// <summary>Messages that count for the greatest length.</summary>
    internal long Length => _history.Length;

    /// <summary>Starts from a snapshot, before any row.</summary>
    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    public void Restore(ReadOnlyMemory<byte> snapshot)
    {
        PartitionSnapshot.Read(snapshot, _history);
        Recovered();
    }

    /// <summary>Applies a row of the log. Rows come in order, without a gap.</summary>
    /// <exception cref="InvalidDataException">The row is not the next one, or cannot be read.</exception>
    public void Replay(long firstOffset, long nextOffset, ReadOnlyMemory<byte> payload)
    {
        if (firstOffset != _history.NextOffset)
        {
            throw new InvalidDataException($"The row at {firstOffset} follows offset {_history.NextOffset}.");
        }

        RecordFormat.Read(payload, firstOffset, _history.Apply, _history.Apply, _history.Apply);
        if (nextOffset != Math.Max(_history.NextOffset, firstOffset + 1))
        {
            throw new InvalidDataException($"The row at {firstOffset} ends at {_history.NextOffset}, not {nextOffset}.");
        }

        _history.NextOffset = nextOffset;
        Recovered();
    }

    /// <summary>The state with all pending records in it.</summary>
    public byte[] WriteSnapshot() => PartitionSnapshot.Write(_history);

    /// <summary>Takes what the commands since the last call have left. A row without messages takes one offset.</summary>
    public bool TryTakeCommit(out long firstOffset, out long nextOffset, out byte[] payload) =>
        _journal.TryTake(out firstOffset, out nextOffset, out payload);

    /// <summary>Stores all of the messages, or none; a duplicate is not stored again. One answer for each.</summary>
    public SendResult[] Send(IReadOnlyList<OutgoingMessage> messages, PartitionTime now)
    {
        ArgumentNullException.ThrowIfNull(messages);
        SendResult[] results = new SendResult[messages.Count];
        if (messages.Any(message => (long)message.Body.Length + message.Headers.Length > Options.Value.MaxMessageBytes))
        {
            Array.Fill(results, new SendResult(SendOutcome.TooLarge, MessagePosition.None));
        }
        else if (Length + CountNew(messages, now) > Options.Value.MaxLength)
        {
            Array.Fill(results, new SendResult(SendOutcome.Full, MessagePosition.None));
        }
        else
        {
            for (int index = 0; index < results.Length; index++)
            {
                results[index] = Send(messages[index], now);
            }
        }

        return results;
    }

    /// <summary>Removes a scheduled message. False if it is none any more: due already, or unknown.</summary>
    public bool Cancel(long offset, PartitionTime now)
    {
        bool scheduled = Messages.Find(offset, make: false) is { State: MessageState.Delayed, Acquired: 0 };
        if (scheduled)
        {
            Write(new QueueRecord(RecordKind.Cancelled, offset) { At = now.Utc });
        }

        return scheduled;
    }

    /// <summary>Leases ready messages, those sent first first; none while it is paused.</summary>
    /// <param name="max">At most so many.</param>
    /// <param name="lease">How long; null: as the queue says.</param>
    /// <param name="now">The time.</param>
    public IReadOnlyList<LeasedMessage> Receive(int max, TimeSpan? lease, PartitionTime now)
    {
        List<LeasedMessage> leased = [];
        while (!Options.IsPaused && leased.Count < max && Messages.PeekReady(out long expiresAt) is not null)
        {
            if (expiresAt <= now.Utc)
            {
                Expire(now);
                continue;
            }

            leased.Add(Lease(Messages.TakeReady(), lease, now));
        }

        return leased;
    }

    /// <summary>Leases deferred messages by offset; others are left out. None while it is paused.</summary>
    public IReadOnlyList<LeasedMessage> ReceiveDeferred(IEnumerable<long> offsets, TimeSpan? lease, PartitionTime now)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        List<LeasedMessage> leased = [];
        foreach (long offset in offsets)
        {
            if (!Options.IsPaused && Messages.Find(offset, make: false) is { State: MessageState.Deferred } entry)
            {
                Write(new QueueRecord(RecordKind.Recalled, offset) { At = now.Utc });
                leased.Add(Lease(entry, lease, now));
            }
        }

        return leased;
    }

    /// <summary>Done with it: it is gone.</summary>
    public SettleOutcome Complete(Receipt receipt, PartitionTime now) =>
        _leases.MayEnd(receipt, out _)
            ? Done(new QueueRecord(RecordKind.Completed, receipt.Offset) { At = now.Utc })
            : SettleOutcome.LockLost;

    /// <summary>Failed: tried again after a delay, or dead-lettered if it has failed often enough.</summary>
    /// <param name="receipt">Of the lease.</param>
    /// <param name="reason">For the history.</param>
    /// <param name="delay">Instead of the queue's.</param>
    /// <param name="now">The time.</param>
    public SettleOutcome Abandon(Receipt receipt, string? reason, TimeSpan? delay, PartitionTime now) =>
        _leases.Holds(receipt, out MessageEntry? entry)
            ? Done(_ends.Failed(entry, RecordKind.Abandoned, reason, delay, now))
            : SettleOutcome.LockLost;

    /// <summary>Given back unharmed: ready at once, no failure counted.</summary>
    public SettleOutcome Release(Receipt receipt, PartitionTime now) =>
        _leases.Holds(receipt, out MessageEntry? entry)
            ? Done(LeaseEnds.Ended(entry, RecordKind.Released, now))
            : SettleOutcome.LockLost;

    /// <summary>Put aside until somebody asks for it by offset.</summary>
    public SettleOutcome Defer(Receipt receipt, PartitionTime now) =>
        _leases.Holds(receipt, out MessageEntry? entry)
            ? Done(LeaseEnds.Ended(entry, RecordKind.Deferred, now))
            : SettleOutcome.LockLost;

    /// <summary>Given up on, with the reason; it stays until it is redriven or purged.</summary>
    public SettleOutcome DeadLetter(Receipt receipt, string reason, string? details, PartitionTime now) =>
        _leases.MayEnd(receipt, out MessageEntry? entry)
            ? Done(new QueueRecord(RecordKind.DeadLettered, entry.Offset)
            {
                At = now.Utc,
                Acquired = receipt.Attempt,
                Deliveries = entry.Deliveries,
                Reason = reason,
                Details = details,
            })
            : SettleOutcome.LockLost;

    /// <summary>Keeps the lease, from now on for its full duration.</summary>
    /// <remarks>A lease of the owner before this one is taken over, if the message is untouched since.</remarks>
    public SettleOutcome Renew(Receipt receipt, TimeSpan? lease, PartitionTime now)
    {
        long until = now.Monotonic + (long)(lease ?? Options.Value.LeaseDuration).TotalMilliseconds;
        if (_leases.Holds(receipt, out MessageEntry? entry))
        {
            Messages.Extend(entry, until);
            return SettleOutcome.Done;
        }

        entry = _leases.WasCut(receipt) ? Messages.Find(receipt.Offset, make: true) : null;
        return entry is not null && LeaseHandOver.TryTakeOver(Messages, entry, receipt.Epoch, until, now)
            ? SettleOutcome.Done
            : SettleOutcome.LockLost;
    }

    /// <summary>Makes dead letters ready again, as if they had never failed; their history stays.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="max">At most so many, oldest first: what makes a rate is the caller.</param>
    /// <param name="now">The time.</param>
    /// <returns>How many.</returns>
    public int Redrive(DeadFilter filter, int max, PartitionTime now)
    {
        ArgumentNullException.ThrowIfNull(filter);
        long[] chosen = [.. DeadLetters(filter).Take(max)];
        Array.ForEach(chosen, offset => Write(new QueueRecord(RecordKind.Redriven, offset) { At = now.Utc }));
        return chosen.Length;
    }

    /// <summary>Removes messages of one state, those sent first first. The leased cannot be purged.</summary>
    /// <param name="state">Which.</param>
    /// <param name="filter">Which of the dead; of another state all are meant.</param>
    /// <param name="max">At most so many.</param>
    /// <param name="now">The time.</param>
    /// <returns>How many.</returns>
    public int Purge(MessageState state, DeadFilter filter, int max, PartitionTime now)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (state == MessageState.Leased)
        {
            throw new ArgumentOutOfRangeException(nameof(state), "Leased messages belong to their receivers.");
        }

        IEnumerable<long> offsets =
            state == MessageState.Dead ? DeadLetters(filter) : PartitionView.Offsets(Messages, state, 0);
        long[] chosen = [.. offsets.Take(max)];
        Array.ForEach(chosen, offset => Write(new QueueRecord(RecordKind.Purged, offset) { At = now.Utc }));
        return chosen.Length;
    }

    /// <summary>What time does: what is due becomes ready, leases lapse, the head of the queue expires.</summary>
    /// <param name="now">The time.</param>
    /// <param name="max">Changes of one call at most; call again if there were so many.</param>
    /// <returns>How many changes.</returns>
    public int Tick(PartitionTime now, int max = 1000)
    {
        int changes = 0;
        for (; changes < max && Messages.Leased.TryPeek(out MessageEntry? late) && late.LeaseUntil <= now.Monotonic; changes++)
        {
            Write(_ends.Failed(late, RecordKind.Lapsed, DeadLetterReasons.LeaseExpired, null, now));
            late.Lapsed = (late.Acquired, late.LeaseEpoch);
        }

        for (; changes < max && Messages.Delayed.TryPeek(out MessageEntry? due) && due.DueAt <= now.Utc; changes++)
        {
            Messages.Move(due, MessageState.Ready);
        }

        for (; changes < max && Messages.PeekReady(out long expiresAt) is not null && expiresAt <= now.Utc; changes++)
        {
            Expire(now);
        }

        _history.Deduplication.Forget(now.Utc);
        Messages.AssertInvariants();
        return changes;
    }

    /// <summary>Milliseconds until <see cref="Tick"/> has something to do; null if nothing is to come.</summary>
    public long? NextTick(PartitionTime now)
    {
        long next = long.MaxValue;
        if (Messages.Leased.TryPeek(out MessageEntry? late))
        {
            next = late.LeaseUntil - now.Monotonic;
        }

        if (Messages.Delayed.TryPeek(out MessageEntry? due))
        {
            next = Math.Min(next, due.DueAt - now.Utc);
        }

        if (Messages.PeekReady(out long expiresAt) is not null && expiresAt != long.MaxValue)
        {
            next = Math.Min(next, expiresAt - now.Utc);
        }

        return next == long.MaxValue ? null : Math.Max(0, next);
    }

    /// <summary>Messages of one state from an offset on, by offset, without leasing them.</summary>
    public IReadOnlyList<MessageDescription> Peek(MessageState state, long fromOffset, int max) =>
        [.. PartitionView.Offsets(Messages, state, fromOffset).Take(max).Select(offset => PartitionView.Describe(Messages, offset))];

    /// <summary>What is there, and what the commands have done.</summary>
    public QueueStatistics Statistics(PartitionTime now) =>
        PartitionView.Statistics(_history, now) with { Total = Counters.Read() };

    internal void SetTopic(QueueDefinition definition) => Topic?.Set(definition);

    /// <summary>Offsets whose rows are to be kept, as sorted runs.</summary>
    internal IEnumerable<(long First, long End)> LiveRuns(PartitionTime now) => _history.LiveRuns(now.Utc);

    private IEnumerable<long> DeadLetters(DeadFilter filter) =>
        Messages.Dead
            .Where(entry => filter.Includes(new MessagePosition(_index, entry.Offset), entry.Reason))
            .Select(entry => entry.Offset);

    private void Recovered()
    {
        _journal.Recovered();
        _leases.OpenedAt = Role == PartitionRole.Subscription ? Intake.Place?.Offset ?? 0 : _history.NextOffset;
    }

    private long CountNew(IReadOnlyList<OutgoingMessage> messages, PartitionTime now) =>
        messages.Count(message => message.MessageId is null
            || !_history.Deduplication.TryFind(message.MessageId, now.Utc, out _));

    private SendResult Send(OutgoingMessage message, PartitionTime now)
    {
        if (message.MessageId is not null
            && _history.Deduplication.TryFind(message.MessageId, now.Utc, out long original))
        {
            Counters.Duplicate();
            return new SendResult(SendOutcome.Duplicate, new MessagePosition(_index, original));
        }

        // A due time is rounded up: never early.
        long due = message.DueAt is { } at ? (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks + 9999) / 10_000 : 0;
        due = due > now.Utc ? due : 0;
        TimeSpan? timeToLive = message.TimeToLive ?? Options.Value.TimeToLive;
        StoredMessage stored = new(
            _history.NextOffset,
            now.Utc,
            due,
            timeToLive is { } life ? Math.Max(due, now.Utc) + (long)life.TotalMilliseconds : long.MaxValue,
            message.MessageId,
            message.Group,
            message.Headers,
            message.Body);
        _journal.Write(stored);
        return new SendResult(SendOutcome.Accepted, new MessagePosition(_index, stored.Offset));
    }

    private LeasedMessage Lease(MessageEntry entry, TimeSpan? lease, PartitionTime now)
    {
        // Leaves its state before the deadline changes, as Move does: a ready or deferred entry is in no heap.
        TimeSpan duration = lease ?? Options.Value.LeaseDuration;
        entry.Lapsed = default;
        entry.LeaseEpoch = _epoch;
        entry.LeasedAt = now.Monotonic;
        entry.LeaseUntil = now.Monotonic + (long)duration.TotalMilliseconds;
        Messages.Move(entry, MessageState.Leased);
        Receipt receipt = new(_index, entry.Offset, entry.Acquired + 1, _epoch);
        Counters.Received(receipt.Attempt);
        return new LeasedMessage(receipt, entry.Deliveries, entry.EnqueuedAt, duration);
    }

    // The next in turn has outlived its time.
    private void Expire(PartitionTime now) => Write(_ends.Expired(Messages.TakeReady(), now));

    private SettleOutcome Done(QueueRecord record)
    {
        Write(record);
        return SettleOutcome.Done;
    }

    private void Write(QueueRecord record) => _journal.Write(record);
}
