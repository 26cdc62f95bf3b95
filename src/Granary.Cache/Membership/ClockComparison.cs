using Granary.Store;
using Microsoft.Extensions.Logging;

namespace Granary.Cache.Membership;

// A message takes its time, and a silo that was stopped reads it late: so a clock can seem to be behind and never ahead,
// and the least late of the last readings is the best one.

/// <summary>
/// Compares the clocks of the other silos with this one's. An entry expires by the clock of the silo that holds it, so one
/// that moves between two silos lives longer or shorter by their difference. Thread-safe.
/// </summary>
/// <param name="store">This silo's.</param>
/// <param name="isMember">Whether a silo counts.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Gets a warning now and then.</param>
internal sealed class ClockComparison(
    CacheStore store, Func<SiloAddress, bool> isMember, TimeProvider time, ILogger<ClockComparison> logger)
{
    private const int Readings = 8; // two seconds of confirmations

    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarningPeriod = TimeSpan.FromMinutes(10); // for each silo

    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, Peer> _peers = [];

    private sealed class Peer
    {
        public Queue<ClockReading> Ahead { get; } = new();

        public TimeSpan Skew { get; set; }

        public long? WarnedAt { get; set; }
    }

    /// <summary>This silo's clocks.</summary>
    public ClockReading Now => new(time.GetUtcNow().ToUnixTimeMilliseconds(), store.UnixMilliseconds);

    /// <summary>The greatest difference to a silo's clock that is known, ahead or behind.</summary>
    public TimeSpan GreatestSkew
    {
        get
        {
            lock (_lock)
            {
                Forget_NeedsLock();
                return _peers.Values.Select(static peer => peer.Skew.Duration()).DefaultIfEmpty().Max();
            }
        }
    }

    /// <summary>Another silo has said what its clocks say.</summary>
    public void Compare(SiloAddress silo, ClockReading theirs)
    {
        if (theirs == default)
        {
            return;
        }

        ClockReading ours = Now;
        lock (_lock)
        {
            if (!_peers.TryGetValue(silo, out Peer? peer))
            {
                Forget_NeedsLock();
                _peers.Add(silo, peer = new Peer());
            }

            peer.Ahead.Enqueue(new ClockReading(theirs.Machine - ours.Machine, theirs.Store - ours.Store));
            if (peer.Ahead.Count < Readings)
            {
                return;
            }

            long machine = peer.Ahead.Max(static reading => reading.Machine);
            long kept = peer.Ahead.Max(static reading => reading.Store);
            peer.Skew = TimeSpan.FromMilliseconds(Math.Abs(machine) > Math.Abs(kept) ? machine : kept);
            peer.Ahead.Dequeue();
            Warn_NeedsLock(silo, peer);
        }
    }

    private void Warn_NeedsLock(SiloAddress silo, Peer peer)
    {
        if (peer.Skew.Duration() > Tolerance
            && (peer.WarnedAt is not { } warnedAt || time.GetElapsedTime(warnedAt) > WarningPeriod))
        {
            peer.WarnedAt = time.GetTimestamp();
            logger.ClocksDiffer(silo, peer.Skew.Duration().TotalSeconds, peer.Skew > TimeSpan.Zero ? "ahead of" : "behind");
        }
    }

    private void Forget_NeedsLock()
    {
        foreach (SiloAddress silo in _peers.Keys.Where(silo => !isMember(silo)).ToArray())
        {
            _peers.Remove(silo);
        }
    }
}
