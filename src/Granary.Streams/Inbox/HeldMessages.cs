using Granary.Queues;

namespace Granary.Streams.Inbox;

/// <summary>The messages that an agent has leased, and what is to become of them. One thread.</summary>
/// <param name="now">The time, since the inbox was made.</param>
/// <param name="changed">Set when there is something to settle.</param>
internal sealed class HeldMessages(Func<TimeSpan> now, Signal changed)
{
    private readonly Dictionary<long, HeldMessage> _all = [];
    private readonly List<HeldMessage> _lost = [];
    private readonly Queue<HeldMessage> _unsettled = [];
    private long _sequence;
    private long _receives;

    public int Count => _all.Count;

    /// <summary>Given back as failed, or their leases have ended; the next receive leases them if they are there.</summary>
    public int LostCount => _lost.Count;

    /// <summary>Of all contents. Bytes.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>When leases are to be renewed.</summary>
    public TimeSpan RenewAt { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Of the last message.</summary>
    public long LastSequence => _sequence;

    public HeldMessage? Find(long offset) => _all.GetValueOrDefault(offset);

    public HeldMessage Add(StreamLane? lane, LeasedContent leased)
    {
        HeldMessage message = new(lane, ++_sequence, leased);
        _all.Add(message.Offset, message);
        LengthBytes += message.LengthBytes;
        RenewSoon(leased.Lease.Duration);
        return message;
    }

    public void Remove(HeldMessage message)
    {
        _lost.Remove(message);
        if (_all.TryGetValue(message.Offset, out HeldMessage? held) && held == message)
        {
            _all.Remove(message.Offset);
            LengthBytes -= message.LengthBytes;
        }
    }

    /// <summary>Puts down what is to become of a message.</summary>
    public void Want(HeldMessage message, SettlementKind kind, string? reason = null, string? details = null)
    {
        message.Want(kind, reason, details);
        WantAgain(message);
    }

    /// <summary>It could not be done yet.</summary>
    public void WantAgain(HeldMessage message)
    {
        _unsettled.Enqueue(message);
        changed.Set();
    }

    /// <summary>It is not leased any more.</summary>
    public void Lose(HeldMessage message)
    {
        message.State = HeldState.Lost;
        message.LostAt = _receives;
        _lost.Add(message);
    }

    /// <summary>It is leased once more.</summary>
    public void LeaseAgain(HeldMessage message, LeasedMessage lease)
    {
        _lost.Remove(message);
        message.LeaseAgain(lease);
        RenewSoon(lease.Duration);
    }

    public void BeginReceive() => _receives++;

    /// <summary>
    /// Those that a receive has passed over, although they were lost before it began: ready messages come by offset, so
    /// they are dead, or somebody else's.
    /// </summary>
    /// <param name="last">The highest offset that the receive has brought; of an empty one, the highest there is.</param>
    public IReadOnlyList<HeldMessage> FindMissing(long last) =>
        _lost.FindAll(one => one.LostAt < _receives && one.Offset < last);

    /// <summary>What is to be settled now, and leases that are to be renewed.</summary>
    public SettlementBatch TakeSettlements()
    {
        SettlementBatch batch = new();
        while (batch.Count < QueueLimits.MaxCallMessages / 2 && _unsettled.TryDequeue(out HeldMessage? message))
        {
            batch.Add(message, message.Wanted!.Value);
        }

        if (now() >= RenewAt)
        {
            RenewAt = TimeSpan.MaxValue;
            foreach (HeldMessage kept in _all.Values.Where(one => one is { State: HeldState.Held, Wanted: null }))
            {
                batch.Add(kept, SettlementKind.Renew);
                RenewSoon(kept.Lease.Duration);
            }
        }

        return batch;
    }

    /// <summary>What is done is settled, and everything else given back unharmed.</summary>
    public SettlementBatch TakeAll()
    {
        SettlementBatch batch = new();
        foreach (HeldMessage message in _all.Values.Where(one => one.State == HeldState.Held))
        {
            bool isDone = message.Wanted is not (null or SettlementKind.Defer);
            batch.Add(message, isDone ? message.Wanted!.Value : SettlementKind.Release);
        }

        return batch;
    }

    // All together, when a third of the first lease is over: the others have more.
    private void RenewSoon(TimeSpan lease)
    {
        TimeSpan at = now() + (lease / 3);
        if (at < RenewAt)
        {
            RenewAt = at;
            changed.Set(); // who waits for the clock has to wait less
        }
    }
}
