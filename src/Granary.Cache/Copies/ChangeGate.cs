namespace Granary.Cache.Copies;

/// <summary>
/// Holds back the answers to changes of one shard until its replicas have them. Thread-safe; the innermost lock.
/// </summary>
internal sealed class ChangeGate(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<WaitingChange> _waiting = new();
    private volatile GateState _state;
    private long _acknowledged;

    private enum GateState
    {
        Open,
        Waiting,
        Failed,
    }

    private readonly record struct WaitingChange(long Change, long Deadline, Action<bool> Answer);

    /// <summary>Whether changes have to wait. Costs no lock; false only while no replica can be complete.</summary>
    public bool HasToWait => _state != GateState.Open;

    /// <summary>Waits until the replicas have a change.</summary>
    /// <param name="change">Its number, or a later one.</param>
    /// <param name="deadline">A timestamp of the clock: past it the outcome is unknown.</param>
    /// <param name="answer">Called once, perhaps before this returns: with whether the change is safe.</param>
    public void Wait(long change, long deadline, Action<bool> answer)
    {
        bool isSafe;
        lock (_lock)
        {
            if (_state == GateState.Waiting && change > _acknowledged)
            {
                _waiting.Enqueue(new WaitingChange(change, deadline, answer));
                return;
            }

            isSafe = _state != GateState.Failed;
        }

        answer(isSafe);
    }

    /// <summary>From now on answers wait for replicas; those have this many changes.</summary>
    public void Require(long acknowledged)
    {
        lock (_lock)
        {
            _acknowledged = acknowledged;
            _state = GateState.Waiting;
        }

        Release(lastChange: acknowledged, lastDeadline: long.MinValue, isSafe: true);
    }

    /// <summary>Nothing has to wait: no replica can be complete, or the shard's next owner has everything.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _state = GateState.Open;
        }

        Release(long.MaxValue, long.MaxValue, isSafe: true);
    }

    /// <summary>The shard is not served here any more: whether changes that had to wait are safe nobody knows.</summary>
    public void Fail()
    {
        lock (_lock)
        {
            if (_state == GateState.Open)
            {
                return; // nobody waits
            }

            _state = GateState.Failed;
        }

        Release(long.MaxValue, long.MaxValue, isSafe: false);
    }

    /// <summary>Ends the wait of those whose time is over.</summary>
    public void Expire() => Release(lastChange: long.MinValue, lastDeadline: time.GetTimestamp(), isSafe: false);

    private void Release(long lastChange, long lastDeadline, bool isSafe)
    {
        while (true)
        {
            WaitingChange waiting;
            lock (_lock)
            {
                if (!_waiting.TryPeek(out waiting) || (waiting.Change > lastChange && waiting.Deadline > lastDeadline))
                {
                    return;
                }

                _waiting.Dequeue();
            }

            waiting.Answer(isSafe);
        }
    }
}
