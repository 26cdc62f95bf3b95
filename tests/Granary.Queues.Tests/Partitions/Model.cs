using Granary.Queues.Partitions;

namespace Granary.Queues.Tests.Partitions;

/// <summary>
/// What a queue promises, written down as plainly as possible: a list of messages, each looked at whenever something is
/// asked. Retry delays are random, so they are taken from the partition and checked against their bounds.
/// </summary>
internal sealed class Model(QueueOptions options)
{
    private readonly SortedDictionary<long, Item> _items = [];
    private readonly Dictionary<string, (long Offset, long At)> _ids = [];

    private sealed class Item
    {
        public MessageState State;
        public int Acquired;
        public int Failures;
        public long DueAt;
        public long ExpiresAt;
        public long LeaseUntil;
        public string? Group;
        public bool Blocks; // its group, though it is not leased
        public bool FromDeferred;
        public Receipt Current; // of the lease it has
        public Receipt? Last; // of the lease that ended by itself or by a recovery
        public bool Cut;
    }

    public bool IsPaused { get; set; }

    public void Sent(OutgoingMessage[] batch, SendResult[] results, PartitionTime now)
    {
        long length = _items.Values.LongCount(item => item.State != MessageState.Dead);
        int added = batch.Count(message => !IsKnown(message, now));
        Assert.Equal(length + added > options.MaxLength, results[0].Outcome == SendOutcome.Full);
        for (int index = 0; index < batch.Length && results[0].Outcome != SendOutcome.Full; index++)
        {
            OutgoingMessage message = batch[index];
            if (IsKnown(message, now))
            {
                Assert.Equal(new SendResult(SendOutcome.Duplicate, new MessagePosition(3, _ids[message.MessageId!].Offset)), results[index]);
                continue;
            }

            Assert.Equal(SendOutcome.Accepted, results[index].Outcome);
            if (message.MessageId is not null)
            {
                _ids[message.MessageId] = (results[index].Position.Offset, now.Utc);
            }

            long due = message.DueAt?.ToUnixTimeMilliseconds() ?? 0;
            due = due > now.Utc ? due : 0;
            _items.Add(results[index].Position.Offset, new Item
            {
                State = due > 0 ? MessageState.Delayed : MessageState.Ready,
                DueAt = due,
                Group = message.Group,
                ExpiresAt = message.TimeToLive is { } life
                    ? Math.Max(due, now.Utc) + (long)life.TotalMilliseconds
                    : long.MaxValue,
            });
        }
    }

    public void Received(IReadOnlyList<LeasedMessage> leased, int max, PartitionTime now, TimeSpan lease)
    {
        foreach (LeasedMessage one in leased)
        {
            Item item = _items[one.Receipt.Offset];
            Assert.Equal(MessageState.Ready, item.State);
            Assert.True(item.ExpiresAt > now.Utc, "An expired message was delivered.");
            Assert.True(item.Group is null || !IsBusy(item.Group, item), "A group has two in flight.");
            Lease(item, one, now.Monotonic + (long)lease.TotalMilliseconds);
        }

        Assert.True(!IsPaused || leased.Count == 0, "A queue that is paused gives something out.");
        if (leased.Count < max && !IsPaused)
        {
            Assert.DoesNotContain(
                _items.Values,
                item => item.State == MessageState.Ready && item.ExpiresAt > now.Utc
                    && (item.Group is null || !IsBlocked(item.Group, item)));
        }
    }

    public void ReceivedDeferred(long offset, IReadOnlyList<LeasedMessage> leased, PartitionTime now)
    {
        bool deferred = _items.TryGetValue(offset, out Item? item) && item.State == MessageState.Deferred && !IsPaused;
        Assert.Equal(deferred, leased.Count == 1);
        if (deferred)
        {
            Lease(item!, leased[0], now.Monotonic + (long)options.LeaseDuration.TotalMilliseconds);
            item!.FromDeferred = true;
        }
    }

    public void Settled(int command, Receipt receipt, int second, SettleOutcome outcome, PartitionTime now, long epoch)
    {
        bool ends = command is 5 or 6 || (command == 9 && second % 2 == 1);
        _items.TryGetValue(receipt.Offset, out Item? item);
        bool holds = item is { State: MessageState.Leased } && item.Current == receipt;
        bool last = item is { State: MessageState.Ready or MessageState.Delayed } && item.Last == receipt
            && (!item.Cut || receipt.Epoch == epoch - 1);
        bool renewsCut = command == 10 && last && item!.Cut;
        bool mayBeLost = renewsCut && item!.Group is not null; // another of the group may be out
        Assert.True(
            (mayBeLost && outcome == SettleOutcome.LockLost) || (holds || (ends && last) || renewsCut) == (outcome == SettleOutcome.Done),
            $"Command {command} of {receipt} in epoch {epoch}: {outcome}, {item?.State}, last {item?.Last}, cut {item?.Cut}, {item?.Acquired}, {item?.Current}.");
        if (outcome == SettleOutcome.Done)
        {
            Apply(command, receipt, second, item!, now);
        }
    }

    public int Redriven(int max)
    {
        Item[] dead = [.. _items.Values.Where(item => item.State == MessageState.Dead).Take(max)];
        Array.ForEach(dead, item => (item.State, item.Failures, item.ExpiresAt, item.Last) = (MessageState.Ready, 0, long.MaxValue, item.Cut ? item.Last : null));
        return dead.Length;
    }

    public bool Cancelled(long offset) =>
        _items.TryGetValue(offset, out Item? item) && item.State == MessageState.Delayed && item.Acquired == 0
        && _items.Remove(offset);

    public void Advanced(PartitionTime now, QueuePartition partition)
    {
        foreach (Item item in _items.Values.Where(item => item.State == MessageState.Leased && item.LeaseUntil <= now.Monotonic))
        {
            item.Last = item.Current;
            item.Cut = false;
            Fail(item);
        }

        Dictionary<long, MessageDescription> delayed =
            partition.Peek(MessageState.Delayed, 0, int.MaxValue).ToDictionary(one => one.Offset);
        foreach ((long offset, Item item) in _items.Where(one => one.Value.State == MessageState.Delayed))
        {
            if (item.DueAt == long.MaxValue)
            {
                item.DueAt = delayed.TryGetValue(offset, out MessageDescription? one) ? one.DueAt : now.Utc;
                Assert.InRange(item.DueAt, now.Utc, now.Utc + (long)options.MaxRetryDelay.TotalMilliseconds);
            }

            item.State = item.DueAt <= now.Utc ? MessageState.Ready : MessageState.Delayed;
        }

        HashSet<long> kept = [.. partition.Peek(MessageState.Ready, 0, int.MaxValue).Select(one => one.Offset)];
        foreach (long offset in _items
            .Where(one => one.Value.State == MessageState.Ready && one.Value.ExpiresAt <= now.Utc && !kept.Contains(one.Key))
            .Select(one => one.Key)
            .ToArray())
        {
            _items[offset].State = MessageState.Dead;
            _items[offset].Blocks = false;
            if (!options.DeadLetterExpired)
            {
                _items.Remove(offset);
            }
        }
    }

    public void Recovered()
    {
        foreach (Item item in _items.Values)
        {
            item.Last = item.State == MessageState.Leased ? item.Current : null;
            item.Cut = item.State == MessageState.Leased;
            item.State = item.State == MessageState.Leased ? MessageState.Ready : item.State;
        }
    }

    public void AssertSame(QueuePartition partition, PartitionTime now)
    {
        foreach (MessageState state in Enum.GetValues<MessageState>())
        {
            Assert.Equal(
                _items.Where(one => one.Value.State == state).Select(one => (one.Key, one.Value.Failures, one.Value.Acquired)),
                partition.Peek(state, 0, int.MaxValue).Select(one => (one.Offset, one.DeliveryCount, one.AcquiredCount)));
            Assert.Equal(_items.Values.LongCount(item => item.State == state), partition.Messages.Count(state));
        }

        Assert.Equal(
            _items.Where(one => IsFailing(one.Value)).Select(one => (one.Key, one.Value.Failures)),
            PartitionView.Failing(partition.Messages, int.MaxValue).Select(one => (one.Offset, one.DeliveryCount)));
        Assert.False(IsPaused && partition.HasReady, "A queue that is paused wakes receivers.");
        Assert.True(partition.NextTick(now) is null or > 0, "Nothing is overdue after a tick.");
    }

    private static bool IsFailing(Item item) =>
        item is { Failures: > 0, State: MessageState.Ready or MessageState.Delayed or MessageState.Leased };

    private bool IsKnown(OutgoingMessage message, PartitionTime now) =>
        message.MessageId is not null && _ids.TryGetValue(message.MessageId, out (long Offset, long At) known)
        && now.Utc - known.At < options.DeduplicationWindow.TotalMilliseconds;

    private bool IsBusy(string group, Item but) =>
        _items.Values.Any(item => item != but && item.Group == group && !item.FromDeferred
            && item.State == MessageState.Leased);

    private bool IsBlocked(string group, Item but) =>
        _items.Values.Any(item => item != but && item.Group == group && (item.State == MessageState.Leased || item.Blocks));

    private static void Lease(Item item, LeasedMessage lease, long until)
    {
        Assert.Equal(item.Acquired + 1, lease.AcquiredCount);
        Assert.Equal(item.Failures, lease.DeliveryCount);
        (item.State, item.Current, item.LeaseUntil) = (MessageState.Leased, lease.Receipt, until);
        (item.Last, item.Blocks, item.FromDeferred) = (null, true, false);
    }

    private void Apply(int command, Receipt receipt, int second, Item item, PartitionTime now)
    {
        switch (command)
        {
            case 5 or 6:
                _items.Remove(receipt.Offset);
                break;
            case 7:
                item.Last = null;
                Fail(item, second % 2 == 0 ? now.Utc + second : null);
                break;
            case 8:
                (item.State, item.Acquired, item.Last) = (MessageState.Ready, item.Acquired + 1, null);
                break;
            case 9:
                item.State = second % 2 == 0 ? MessageState.Deferred : MessageState.Dead;
                (item.Acquired, item.Last, item.Blocks) = (receipt.Attempt, null, false);
                break;
            default:
                (item.State, item.Current, item.LeaseUntil) = (MessageState.Leased, receipt, now.Monotonic + second);
                (item.Last, item.Cut) = (null, false);
                break;
        }
    }

    // A due time of MaxValue: to be read from the partition.
    private void Fail(Item item, long? due = null)
    {
        item.Acquired++;
        item.Failures++;
        item.State = item.Failures >= options.MaxDeliveryCount ? MessageState.Dead : MessageState.Delayed;
        item.Blocks = item.State == MessageState.Delayed;
        item.DueAt = due ?? long.MaxValue;
    }
}
