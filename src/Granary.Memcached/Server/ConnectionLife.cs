namespace Granary.Memcached.Server;

/// <summary>How long one connection has said nothing, and until when it may live. One thread at a time.</summary>
/// <param name="begunAt">A timestamp.</param>
/// <param name="endsAt">The timestamp from which on it is old; the greatest there is for never.</param>
internal struct ConnectionLife(long begunAt, long endsAt)
{
    // Of the look that came after the last word, so never earlier than that: who is found idle has been so for all the time.
    private long _lastHeard = begunAt;
    private bool _hasSpoken;

    /// <summary>Whether it has lived long enough: it ends with its next answer.</summary>
    public bool IsOld { get; private set; }

    /// <summary>The client has sent something.</summary>
    public void Hear() => _hasSpoken = true;

    /// <summary>Looks at it.</summary>
    /// <param name="lifetimes">Of all connections.</param>
    /// <param name="now">A timestamp.</param>
    /// <param name="isAwaited">Whether the client is to speak next; if not, it cannot be idle.</param>
    public LifeStage Look(Lifetimes lifetimes, long now, bool isAwaited)
    {
        if (_hasSpoken || !isAwaited)
        {
            _hasSpoken = false;
            _lastHeard = now;
        }

        IsOld = now >= endsAt;
        if (IsOld)
        {
            return now - endsAt >= lifetimes.LastAnswerTicks ? LifeStage.Overdue : LifeStage.Old;
        }

        return lifetimes.IdleTicks > 0 && now - _lastHeard >= lifetimes.IdleTicks ? LifeStage.Idle : LifeStage.Young;
    }
}
