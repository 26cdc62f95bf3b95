using Granary.Queues;

namespace Granary.Streams.Inbox;

// What a pulling agent has of its partition. Messages come leased, and are put into the lane of their stream; each
// subscription reads its lane at its own pace; what all of a stream's subscriptions have passed is completed, at once and by
// itself: one that is slow or fails holds up nobody but itself.
//
// No stream may fill the inbox. A lane may be as long as a quarter of the room that is left (the "dynamic threshold" of
// Choudhury and Hahne for shared buffers), so one slow stream gets much while others are quick, and less when many are slow.
// What does not fit is parked: deferred in the queue, and known here by its offset only; it is recalled, in order, as the
// lane empties. What nobody listens to is parked in the same way, until a subscription appears or its time ends.
//
// A failed message is given back with its failure counted, and leased again at once: it waits here until its subscription
// is offered it again, so that it stays the first of its stream also if the agent moves meanwhile.

/// <summary>The messages of a partition that an agent has. One thread: the agent's.</summary>
internal sealed class PartitionInbox
{
    private readonly StreamLanes _lanes;
    private readonly LaneAlarms _alarms;
    private readonly HeldMessages _held;
    private readonly LanePark _park;
    private readonly InboxRoom _room;
    private readonly InboxLimits _limits;
    private readonly RetryDelays _delays;
    private readonly Func<StoredMessage, StreamId?> _streamOf;

    /// <param name="limits">How much it may hold.</param>
    /// <param name="delays">When failed messages are offered again.</param>
    /// <param name="time">For these, for renewals and for retention.</param>
    /// <param name="streamOf">The stream that a message names; null: none.</param>
    public PartitionInbox(
        InboxLimits limits, RetryDelays delays, TimeProvider time, Func<StoredMessage, StreamId?> streamOf)
    {
        _limits = limits;
        _delays = delays;
        _streamOf = streamOf;
        _lanes = new StreamLanes(Offered, Changed);
        _alarms = new LaneAlarms(time);
        _held = new HeldMessages(() => _alarms.Now, Changed);
        _park = new LanePark(limits, time, Wanting);
        _room = new InboxRoom(limits, _held, _park);
    }

    /// <summary>Set when there is something for the agent.</summary>
    public Signal Offered { get; } = new();

    /// <summary>Set when something is to be settled or looked at.</summary>
    public Signal Changed { get; } = new();

    /// <summary>Set when something is to be taken out of the park, or there is room again.</summary>
    public Signal Wanting { get; } = new();

    /// <summary>Since it was made.</summary>
    public TimeSpan Now => _alarms.Now;

    /// <summary>When something is due by the clock.</summary>
    public TimeSpan NextAt => _alarms.NextAt < _held.RenewAt ? _alarms.NextAt : _held.RenewAt;

    public int HeldCount => _held.Count;

    /// <summary>Given back as failed, and to be received again.</summary>
    public int LostCount => _held.LostCount;

    public int LaneCount => _lanes.Count;

    public int ParkedCount => _park.Count;

    public bool IsParkFull => _park.IsFull;

    /// <summary>How many messages may be received now.</summary>
    public int Room => _room.Receivable;

    /// <summary>A receive begins.</summary>
    public void BeginReceive() => _held.BeginReceive();

    /// <summary>What a receive has brought: new messages, and those that were lost.</summary>
    public void Receive(IReadOnlyList<LeasedContent> leased)
    {
        foreach (LeasedContent one in leased)
        {
            HeldMessage? known = _held.Find(one.Lease.Receipt.Offset);
            if (known is not null && known.Content.MessageId == one.Content.MessageId)
            {
                _held.LeaseAgain(known, one.Lease);
                ShowAgain(known);
            }
            else
            {
                Drop(known); // of a queue that was deleted and made again
                Add(one);
            }
        }

        foreach (HeldMessage missing in _held.FindMissing(LastOf(leased)))
        {
            Drop(missing);
        }
    }

    /// <summary>A message that was deferred before this agent began, or by another one.</summary>
    public void AddParked(StoredMessage message)
    {
        if (_streamOf(message) is { } stream && _held.Find(message.Offset) is null)
        {
            StreamLane lane = _lanes.Of(stream);
            _park.Add(lane, message.Offset, message.EnqueuedAt);
            AfterParking(lane);
        }
    }

    /// <summary>What is to be taken out of the park next; null: nothing, or there is no room.</summary>
    public Recall? TakeRecall()
    {
        while (_park.Take(_room.Free) is { } recall)
        {
            if (recall.IsExpired == (recall.Lane.Readers.Count == 0))
            {
                return recall;
            }

            EndRecall(recall); // somebody has come, or gone, meanwhile
        }

        return null;
    }

    /// <summary>What a recall has brought.</summary>
    public void Recalled(Recall recall, IReadOnlyList<LeasedContent> leased)
    {
        _park.Taken(recall, LastOf(leased));
        foreach (LeasedContent one in leased)
        {
            if (_streamOf(one.Content) != recall.Lane.Stream)
            {
                Drop(_held.Find(one.Lease.Receipt.Offset)); // of a queue that was deleted and made again
                Add(one);
                continue;
            }

            HeldMessage message = _held.Add(recall.Lane, one);
            if (recall.IsExpired)
            {
                _held.Want(
                    message, SettlementKind.DeadLetter, StreamDeadLetterReasons.NoSubscription, $"{recall.Lane.Stream}");
            }
            else
            {
                recall.Lane.Add(message);
                _lanes.Wake(recall.Lane);
            }
        }

        EndRecall(recall);
    }

    /// <summary>A recall is over, or has failed: what is parked still comes again.</summary>
    public void EndRecall(Recall recall)
    {
        recall.Lane.IsRecalling = false;
        _park.Want(recall.Lane, _room.Quota, _room.QuotaBytes);
        _lanes.Look(recall.Lane);
    }

    /// <summary>What the agent is to be told.</summary>
    public List<Offer> TakeOffers() => _lanes.TakeOffers(_held.LastSequence);

    /// <summary>The agent has been told. At once, before anything else happens, it asks who listens if it does not know.</summary>
    public void Told(Offer offer)
    {
        offer.Message?.IsOffered = true;
        _lanes.Look(offer.Lane);
    }

    /// <summary>Begins to read for a subscription.</summary>
    /// <param name="stream">Of which stream.</param>
    /// <param name="from">A sequence; null: from what nobody has had yet.</param>
    public LaneReader Open(StreamId stream, long? from)
    {
        StreamLane lane = _lanes.Of(stream);
        long passed = lane.Readers.Count == 0 ? 0 : Math.Min(from - 1 ?? lane.Frontier, lane.Frontier);
        LaneReader reader = new(this, lane, passed);
        lane.Readers.Add(reader);
        _park.Want(lane, _room.Quota, _room.QuotaBytes);
        return reader;
    }

    /// <summary>What is to be settled now, and leases that are to be renewed.</summary>
    public SettlementBatch TakeSettlements()
    {
        SweepLanes();
        SettlementBatch batch = _held.TakeSettlements();
        Changed.Reset();
        return batch;
    }

    /// <summary>The answers to settlements.</summary>
    public void Settled(SettlementBatch batch, IReadOnlyList<SettleOutcome> outcomes)
    {
        foreach ((HeldMessage message, Settlement settlement, SettleOutcome outcome) in batch.With(outcomes))
        {
            bool isAnswered = outcome == SettleOutcome.Done
                || (outcome == SettleOutcome.LockLost && settlement.Receipt == message.Lease.Receipt);
            if (settlement.Kind != SettlementKind.Renew && isAnswered)
            {
                End(message, settlement);
            }
            else if (settlement.Kind != SettlementKind.Renew)
            {
                _held.WantAgain(message);
            }
            else if (isAnswered && outcome == SettleOutcome.LockLost && message is { State: HeldState.Held, Wanted: null })
            {
                _held.Lose(message);
            }
        }

        Wanting.Set();
    }

    /// <summary>Looks at the clock: what failed is offered again, and of which streams the agent is to ask who listens.</summary>
    public void Tick()
    {
        while (_alarms.TakeWake() is { } lane)
        {
            _lanes.Wake(lane);
        }

        while (_alarms.TakeProbe() is { } lane)
        {
            if (lane is { Readers.Count: 0, Parked.Count: > 0 })
            {
                _park.Want(lane, _room.Quota, _room.QuotaBytes);
                _lanes.Wake(lane);
                _alarms.ProbeAt(lane, Now + _limits.ProbePeriod);
            }
        }
    }

    /// <summary>The agent stops: what is done is settled, and everything else given back unharmed.</summary>
    public SettlementBatch TakeAll() => _held.TakeAll();

    /// <summary>A subscription has failed with a message.</summary>
    /// <returns>When that subscription is offered it again.</returns>
    public TimeSpan Fail(HeldMessage message, string reason)
    {
        if (message is { State: HeldState.Held, Wanted: null })
        {
            _held.Want(message, SettlementKind.Abandon, reason);
        }

        return Now + _delays.After(message.Lease.DeliveryCount + 1);
    }

    /// <summary>A subscription can go on then.</summary>
    public void WakeAt(StreamLane lane, TimeSpan at)
    {
        _alarms.WakeAt(lane, at);
        Changed.Set();
    }

    /// <summary>Nobody reads by this any more.</summary>
    public void Close(StreamLane lane, LaneReader reader)
    {
        if (lane.Readers.Remove(reader))
        {
            _lanes.Look(lane); // not at once: when an agent lets a stream go, its subscriptions go one after another
        }
    }

    /// <summary>Somebody has passed a message: what all have passed is done.</summary>
    public void Trim(StreamLane lane)
    {
        foreach (HeldMessage passed in lane.TakePassed())
        {
            _held.Want(passed, SettlementKind.Complete);
        }

        _park.Want(lane, _room.Quota, _room.QuotaBytes);
    }

    private static long LastOf(IReadOnlyList<LeasedContent> leased) =>
        leased.Count == 0 ? long.MaxValue : leased.Max(one => one.Lease.Receipt.Offset);

    private void Add(LeasedContent leased)
    {
        if (_streamOf(leased.Content) is not { } stream)
        {
            _held.Want(_held.Add(null, leased), SettlementKind.DeadLetter, StreamDeadLetterReasons.NotOfAStream);
            return;
        }

        StreamLane lane = _lanes.Of(stream);
        _park.Remove(lane, leased.Lease.Receipt.Offset);
        HeldMessage message = _held.Add(lane, leased);
        if (lane.Parked.Count > 0 || lane.ParkingCount > 0 || !_room.Admits(lane, message))
        {
            SetAside(message);
        }
        else
        {
            lane.Add(message);
            _lanes.Wake(lane);
        }
    }

    private void ShowAgain(HeldMessage message)
    {
        if (message.Lane is { } lane)
        {
            _lanes.Look(lane);
            _lanes.Wake(lane);
        }
    }

    // It is dead, or somebody else's; who waited for it goes on.
    private void Drop(HeldMessage? message)
    {
        if (message is not null)
        {
            message.State = HeldState.Gone;
            _held.Remove(message);
            message.Lane?.Remove(message);
            ShowAgain(message);
        }
    }

    private void End(HeldMessage message, Settlement settlement)
    {
        if (settlement.Kind == SettlementKind.Abandon)
        {
            message.WantNothing();
            if (settlement.Receipt == message.Lease.Receipt)
            {
                _held.Lose(message);
            }
            else
            {
                ShowAgain(message); // a receive has brought it before it was known to be given back
            }

            return;
        }

        _held.Remove(message);
        if (message.Lane is not { } lane)
        {
            return;
        }

        lane.Remove(message);
        _lanes.Look(lane);
        if (settlement.Kind == SettlementKind.Defer)
        {
            lane.ParkingCount--;
            _park.Add(lane, message.Offset, message.Content.EnqueuedAt);
            AfterParking(lane);
        }
    }

    // Out of the lane, and into the park.
    private void SetAside(HeldMessage message)
    {
        message.Lane!.Remove(message);
        message.Lane.ParkingCount++;
        _held.Want(message, SettlementKind.Defer);
    }

    private void AfterParking(StreamLane lane)
    {
        _park.Want(lane, _room.Quota, _room.QuotaBytes);
        if (lane.Readers.Count == 0)
        {
            _alarms.ProbeAt(lane, Now);
            Changed.Set();
        }
    }

    private void SweepLanes()
    {
        foreach (StreamLane lane in _lanes.TakeChanged())
        {
            if (lane.Readers.Count > 0)
            {
                Trim(lane);
            }
            else if (lane.Messages.All(one => one.IsOffered))
            {
                HeldMessage[] unheard = [.. lane.Messages.Where(one => one is { State: HeldState.Held, Wanted: null })];
                Array.ForEach(unheard, SetAside);
            }

            _lanes.DropIfEmpty(lane);
        }
    }
}
