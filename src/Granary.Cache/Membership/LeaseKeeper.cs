using Microsoft.Extensions.Logging;

namespace Granary.Cache.Membership;

/// <summary>
/// Keeps the lease of this silo: asks the other silos whether it is a member, and looks into the membership table when
/// none of them says so. Alone it needs nobody, as long as it was not stopped. By the way it finds out whom it reaches.
/// </summary>
internal sealed class LeaseKeeper(
    ServingLease lease,
    ClusterView view,
    ClockComparison clocks,
    PeerReach reach,
    TimeProvider time,
    ILogger<LeaseKeeper> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<SiloAddress, Task> _asking = [];
    private readonly HashSet<SiloAddress> _silent = []; // at the last tick
    private Task _reading = Task.CompletedTask;
    private bool _wasHeld;

    /// <summary>Keeps it from when this silo joins until cancelled.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        await view.WaitForJoinAsync(cancellationToken); // not up to a period later: without a lease nothing is served
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            ViewSnapshot snapshot = view.Current;
            if (snapshot.IsMember(view.Self))
            {
                Keep(snapshot, cancellationToken);
                FindWays(snapshot);
                Report();
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private void Keep(ViewSnapshot snapshot, CancellationToken cancellationToken)
    {
        long now = time.GetTimestamp();
        if (snapshot.Members.Length == 1 && lease.Check())
        {
            lease.Renew(now);
            return;
        }

        foreach (SiloAddress silo in snapshot.Members)
        {
            if (!silo.Equals(view.Self) && (!_asking.TryGetValue(silo, out Task? asking) || asking.IsCompleted))
            {
                _asking[silo] = AskAsync(silo, now);
            }
        }

        foreach (SiloAddress silo in _asking.Keys.Where(silo => !snapshot.IsMember(silo)).ToArray())
        {
            _asking.Remove(silo);
        }

        if (lease.Left < ServingLease.Duration / 2 && _reading.IsCompleted)
        {
            _reading = ReadTableAsync(now, cancellationToken);
        }
    }

    // For two ticks, because this silo may have been stopped itself: then the answers are here and wait for their turn.
    private void FindWays(ViewSnapshot snapshot)
    {
        reach.Follow(snapshot.IsMember);
        foreach (SiloAddress silo in snapshot.Members)
        {
            bool isSilent = !silo.Equals(view.Self) && reach.IsSilent(silo);
            if (isSilent && !_silent.Add(silo) && reach.RelayTo(silo) is null)
            {
                foreach (SiloAddress other in snapshot.Members.Where(reach.Hears))
                {
                    _ = AskForWayAsync(silo, other);
                }
            }
            else if (!isSilent)
            {
                _silent.Remove(silo);
            }
        }

        _silent.RemoveWhere(silo => !snapshot.IsMember(silo));
    }

    private async Task AskForWayAsync(SiloAddress silo, SiloAddress other)
    {
        try
        {
            if (await view.DirectServiceOf(other).HearsAsync(silo) && reach.SetRelay(silo, other))
            {
                logger.CutOff(silo, other);
            }
        }
        catch (Exception exception) // the edge: asked again at the next tick
        {
            logger.SiloDoesNotAnswer(other, exception);
        }
    }

    private async Task AskAsync(SiloAddress silo, long asked)
    {
        try
        {
            bool isMember = await view.DirectServiceOf(silo).ConfirmAsync(view.Self, clocks.Now);
            if (reach.Heard(silo, asked))
            {
                logger.ReachedAgain(silo);
            }

            if (isMember)
            {
                lease.Renew(asked);
            }
        }
        catch (Exception exception) // the edge: another silo may answer, or the table
        {
            logger.MembershipNotConfirmed(silo, exception);
        }
    }

    private async Task ReadTableAsync(long asked, CancellationToken cancellationToken)
    {
        try
        {
            if (await view.IsActiveInTableAsync(cancellationToken))
            {
                lease.Renew(asked);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested) // the edge: it is read again
        {
            logger.MembershipNotRead(exception);
        }
    }

    private void Report()
    {
        bool isHeld = lease.Check();
        if (_wasHeld && !isHeld)
        {
            logger.ServingSuspended();
        }
        else if (isHeld && !_wasHeld)
        {
            logger.Serving();
        }

        _wasHeld = isHeld;
    }
}
