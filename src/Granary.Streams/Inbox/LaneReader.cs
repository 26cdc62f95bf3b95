namespace Granary.Streams.Inbox;

/// <summary>
/// Where one subscription is in its stream. It stays at a message until the subscriber has had it, or it is dead: the order
/// is kept, and no other subscription is held up. One thread.
/// </summary>
internal sealed class LaneReader(PartitionInbox inbox, StreamLane lane, long passed) : IDisposable
{
    private static readonly TimeSpan UnreachedDelay = TimeSpan.FromSeconds(1);

    private HeldMessage? _failed;
    private TimeSpan _retryAt;
    private int _unreached;

    public StreamLane Lane => lane;

    /// <summary>The last message that is behind this subscription.</summary>
    public long Passed { get; private set; } = passed;

    /// <summary>What the subscription is being given.</summary>
    public HeldMessage? Current { get; private set; }

    /// <summary>What becomes of that.</summary>
    public DeliveryAttempt Attempt { get; private set; } = new();

    /// <summary>Goes to the next message that can be delivered now.</summary>
    /// <returns>False if there is none; the stream is offered again when that has changed.</returns>
    public bool TryMoveNext()
    {
        LeaveCurrent();
        if (_failed is { State: HeldState.Gone } gone)
        {
            Pass(gone);
            _failed = null;
        }

        HeldMessage? next = _failed ?? lane.After(Passed);
        if (next is not { State: HeldState.Held, Wanted: null } || (_failed is not null && inbox.Now < _retryAt))
        {
            return false;
        }

        Current = next;
        Attempt = new DeliveryAttempt();
        return true;
    }

    /// <summary>The subscription has not had the current message.</summary>
    public void FailCurrent()
    {
        if (Current is not { } failed)
        {
            return;
        }

        Current = null;
        _failed = failed;
        if (Attempt is { Failure: { } reason, IsCounted: true })
        {
            _unreached = 0;
            _retryAt = inbox.Fail(failed, reason);
        }
        else
        {
            _retryAt = inbox.Now + (UnreachedDelay * Math.Min(++_unreached, 10));
        }

        inbox.WakeAt(lane, _retryAt);
    }

    public void Dispose() => inbox.Close(lane, this);

    private void LeaveCurrent()
    {
        if (Attempt.Failure is not null)
        {
            FailCurrent();
        }
        else if (Current is { } had)
        {
            Current = null; // delivered, or nothing for this subscription
            _failed = null;
            _unreached = 0;
            Pass(had);
        }
    }

    private void Pass(HeldMessage message)
    {
        Passed = message.Sequence;
        lane.Pass(message.Sequence);
        inbox.Trim(lane);
    }
}
