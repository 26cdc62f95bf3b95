using Granary.Store;

namespace Granary.Cache.Membership;

// A silo that was stopped for a minute, or that reaches nobody, does not know that the others have declared it dead and
// serve its shards. So it serves only while it has heard of late that it is a member; and the others open no shard of a
// silo that they have declared dead before the last thing that it can have heard is older than that (ClusterView).
//
// Time is the monotonic clock of each machine: only its rate matters, and it goes on while the process is stopped.

/// <summary>This silo's right to answer for its shards. Thread-safe.</summary>
internal sealed class ServingLease(CacheStore store, TimeProvider time)
{
    /// <summary>How long a silo may serve after it has asked whether it is a member, and was told that it is.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(1.5);

    private readonly long _duration = (long)(Duration.TotalSeconds * time.TimestampFrequency);
    private readonly Lock _lock = new();
    private long _until = long.MinValue;
    private bool _isSurrendered;

    /// <summary>What is left of it.</summary>
    public TimeSpan Left => IsRunning ? time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _until)) : TimeSpan.Zero;

    private bool IsRunning => time.GetTimestamp() < Volatile.Read(ref _until);

    /// <summary>
    /// Whether this silo may answer. If not, the store is suspended when this returns. Whoever executes operations asks
    /// when their bytes have been read, and again before the answers leave: what was executed between two yes is right.
    /// </summary>
    public bool Check() => Check(out _);

    /// <inheritdoc cref="Check()"/>
    /// <param name="now">The timestamp of the question.</param>
    public bool Check(out long now)
    {
        now = time.GetTimestamp();
        if (now < Volatile.Read(ref _until))
        {
            return true;
        }

        lock (_lock)
        {
            bool isRunning = IsRunning;
            store.Suspend(!isRunning);
            return isRunning;
        }
    }

    /// <summary>Lets answers go that were made after a check.</summary>
    /// <param name="wasHeld">What it said: where nothing was executed, nothing can be wrong.</param>
    /// <exception cref="GranaryException">The lease has run out meanwhile: what was done may not count.</exception>
    public void CheckStill(bool wasHeld)
    {
        if (wasHeld && !Check())
        {
            throw new GranaryException("This silo was stopped while it executed operations, and may have been declared dead.");
        }
    }

    /// <summary>This silo is a member.</summary>
    /// <param name="asked">The timestamp before somebody was asked.</param>
    public void Renew(long asked)
    {
        lock (_lock)
        {
            if (!_isSurrendered)
            {
                Volatile.Write(ref _until, Math.Max(_until, asked + _duration));
                store.Suspend(!IsRunning);
            }
        }
    }

    /// <summary>This silo leaves: it answers for no shard any more.</summary>
    public void Surrender()
    {
        lock (_lock)
        {
            _isSurrendered = true;
            Volatile.Write(ref _until, long.MinValue);
            store.Suspend(isSuspended: true);
        }
    }
}
