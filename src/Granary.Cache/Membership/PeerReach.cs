namespace Granary.Cache.Membership;

// Two silos may be cut off from each other while others reach both. Then the membership keeps both, and what one has for
// the other goes through a third, which only passes it on.
//
// A silo that answers nobody is slow, stopped or dead, and another way to it would not help. So one counts as cut off
// only when it has been silent towards this silo for a second and has answered a third meanwhile. What was sent to it
// directly is given up then: a change may still arrive when packets pass again, so its outcome is unknown, and it is not
// sent a second time.
//
// A first answer does not end that. Orleans may have several connections to a silo and takes them in turn, and one that
// did not survive the cut shows it only when it is used: questions and answers are to find that out, not changes.

/// <summary>Which silos this one does not reach, and through whom it does. Thread-safe.</summary>
internal sealed class PeerReach(TimeProvider time)
{
    // Silos ask each other every 250 ms.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lately = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AnswersSteadily = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<SiloAddress, Peer> _peers = [];

    private sealed class Peer
    {
        public long Heard { get; set; }

        // Since when no answer has been missing. Timestamp.
        public long HeardSince { get; set; }

        public SiloAddress? Relay { get; set; }

        public CancellationTokenSource CutOff { get; set; } = new();
    }

    /// <summary>Silos that are reached through others.</summary>
    public int CutOffCount
    {
        get
        {
            lock (_lock)
            {
                return _peers.Values.Count(static peer => peer.Relay is not null);
            }
        }
    }

    /// <summary>A silo through which this one reaches another; <see langword="null"/> while it reaches all directly.</summary>
    public SiloAddress? AnyRelay
    {
        get
        {
            lock (_lock)
            {
                return _peers.Values.Select(static peer => peer.Relay).FirstOrDefault(static relay => relay is not null);
            }
        }
    }

    /// <summary>The silo through which another one is reached; <see langword="null"/> if it is reached directly.</summary>
    public SiloAddress? RelayTo(SiloAddress silo)
    {
        lock (_lock)
        {
            return _peers.GetValueOrDefault(silo)?.Relay;
        }
    }

    /// <summary>The direct way to a silo: cancelled when it is cut off. One that never answered is not.</summary>
    public CancellationToken WayTo(SiloAddress silo)
    {
        lock (_lock)
        {
            return _peers.TryGetValue(silo, out Peer? peer) && peer.Relay is null ? peer.CutOff.Token : default;
        }
    }

    /// <summary>Whether the silo has answered a question of the last moments.</summary>
    public bool Hears(SiloAddress silo)
    {
        lock (_lock)
        {
            return _peers.TryGetValue(silo, out Peer? peer) && time.GetElapsedTime(peer.Heard) <= Lately;
        }
    }

    /// <summary>Whether the silo has answered before, and not for a while.</summary>
    public bool IsSilent(SiloAddress silo)
    {
        lock (_lock)
        {
            return IsSilent_NeedsLock(silo);
        }
    }

    /// <summary>A silo has answered directly.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="asked">The timestamp when it was asked.</param>
    /// <returns>Whether it was cut off until now: one that was is reached again when it has answered steadily.</returns>
    public bool Heard(SiloAddress silo, long asked)
    {
        lock (_lock)
        {
            if (!_peers.TryGetValue(silo, out Peer? peer))
            {
                _peers.Add(silo, peer = new Peer { Heard = asked, HeardSince = asked });
            }

            if (time.GetElapsedTime(peer.Heard, asked) > Lately)
            {
                peer.HeardSince = asked;
            }

            peer.Heard = Math.Max(peer.Heard, asked);
            return time.GetElapsedTime(peer.HeardSince, asked) >= AnswersSteadily && !IsSilent_NeedsLock(silo) && TryReach_NeedsLock(peer);
        }
    }

    /// <summary>Another silo reaches one that is silent here.</summary>
    /// <returns>Whether that one is cut off from now on; not if it was before, or has answered meanwhile.</returns>
    public bool SetRelay(SiloAddress silo, SiloAddress relay)
    {
        CancellationTokenSource cutOff;
        lock (_lock)
        {
            if (!IsSilent_NeedsLock(silo) || _peers[silo] is not { Relay: null } peer)
            {
                return false;
            }

            peer.Relay = relay;
            cutOff = peer.CutOff;
        }

        _ = cutOff.CancelAsync(); // who waits goes on elsewhere
        return true;
    }

    /// <summary>Forgets silos that have left, and relays that have left or are silent themselves.</summary>
    public void Follow(Func<SiloAddress, bool> isMember)
    {
        lock (_lock)
        {
            foreach ((SiloAddress silo, Peer peer) in _peers)
            {
                if (!isMember(silo))
                {
                    _peers.Remove(silo);
                }
                else if (peer.Relay is { } relay && (!isMember(relay) || IsSilent_NeedsLock(relay)))
                {
                    TryReach_NeedsLock(peer);
                }
            }
        }
    }

    private bool IsSilent_NeedsLock(SiloAddress silo) =>
        _peers.TryGetValue(silo, out Peer? peer) && time.GetElapsedTime(peer.Heard) > Silence;

    private static bool TryReach_NeedsLock(Peer peer)
    {
        if (peer.Relay is null)
        {
            return false;
        }

        peer.Relay = null;
        peer.CutOff = new CancellationTokenSource();
        return true;
    }
}
