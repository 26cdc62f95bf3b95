using Microsoft.Extensions.Logging;

namespace Granary.Cache.Membership;

/// <summary>
/// Keeps the lease of this silo: asks the other silos whether it is a member, and looks into the membership table when
/// none of them says so. Alone it needs nobody, as long as it was not stopped.
/// </summary>
internal sealed class LeaseKeeper(
    ServingLease lease,
    ClusterView view,
    ClockComparison clocks,
    TimeProvider time,
    ILogger<LeaseKeeper> logger)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<SiloAddress, Task> _asking = [];
    private Task _reading = Task.CompletedTask;
    private bool _wasHeld;

    /// <summary>Keeps it until cancelled.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            ViewSnapshot snapshot = view.Current;
            if (snapshot.IsMember(view.Self))
            {
                Keep(snapshot, cancellationToken);
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

    private async Task AskAsync(SiloAddress silo, long asked)
    {
        try
        {
            if (await view.ServiceOf(silo).ConfirmAsync(view.Self, clocks.Now))
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
