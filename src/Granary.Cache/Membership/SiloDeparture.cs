using Granary.Cache.Copies;
using Granary.Cache.Saving;
using Granary.Cache.Shards;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Cache.Membership;

/// <summary>
/// Leaves the cluster without losing anything: tells every silo, then waits until the shards have gone to their next
/// owners; the last silo may save them. Before any hosted service stops, because the web server's stop alone may use up
/// the host's time.
/// </summary>
internal sealed class SiloDeparture(
    ClusterView view,
    ShardRegistry registry,
    OutgoingCopies copies,
    ServingLease lease,
    ShardSaver saver,
    IOptions<CacheOptions> options,
    TimeProvider time,
    ILogger<SiloDeparture> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromSeconds(5);

    // One that leaves as well may never answer.
    private static readonly TimeSpan TellPatience = TimeSpan.FromSeconds(2);

    // .NET clients fetch the map every second: none sends to this gateway any more when it stops.
    private static readonly TimeSpan ClientWait = TimeSpan.FromSeconds(1.5);

    private readonly HashSet<SiloAddress> _told = [];

    private bool IsAlone => view.Current.Silos.All(silo => silo.Equals(view.Self));

    private bool IsSomebodyUntold
    {
        get
        {
            lock (_told)
            {
                return view.Current.Members.Any(silo => !silo.Equals(view.Self) && !_told.Contains(silo));
            }
        }
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (!view.Current.IsMember(view.Self))
        {
            return; // it never joined, or has been declared dead: nobody would take anything from it
        }

        long began = time.GetTimestamp();
        if (!IsAlone)
        {
            logger.Leaving(registry.HeldCount, options.Value.HandOffTime); // who saves them instead says so
        }

        while (time.GetElapsedTime(began) < options.Value.HandOffTime && !cancellationToken.IsCancellationRequested)
        {
            await TellAsync();
            if (IsAlone)
            {
                if (await saver.TrySaveAsync(options.Value.HandOffTime - time.GetElapsedTime(began), cancellationToken))
                {
                    return;
                }

                await Task.Delay(PollPeriod, time, CancellationToken.None); // until the view shows who has joined
                continue;
            }

            if (IsSomebodyUntold)
            {
                await Task.Delay(PollPeriod, time, CancellationToken.None);
                continue;
            }

            view.SetDraining(view.Self);
            if (await WaitForHandOffAsync(began, cancellationToken))
            {
                logger.HandedOff(time.GetElapsedTime(began).TotalSeconds);
                if (await WaitForClientsAsync(cancellationToken))
                {
                    return;
                }
            }
        }

        lease.Surrender(); // the others do not wait for one that leaves
        logger.HandOffIncomplete(registry.HeldCount, options.Value.HandOffTime);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Every silo knows before the first shard moves: it would be sent straight back. One that joins meanwhile as well.
    private Task TellAsync()
    {
        lock (_told)
        {
            return Task.WhenAll(view.Current.Members
                .Where(silo => !silo.Equals(view.Self) && !_told.Contains(silo))
                .ToArray()
                .Select(TellAsync));
        }
    }

    private async Task TellAsync(SiloAddress silo)
    {
        try
        {
            SiloAddress[] draining = await view.ServiceOf(silo).DrainAsync(view.Self)
                .AsTask().WaitAsync(TellPatience, time);
            view.SetDraining(draining.Where(other => !other.Equals(view.Self)));
            lock (_told)
            {
                _told.Add(silo);
            }
        }
        catch (Exception exception) // the edge: it is told again until it answers or has left
        {
            logger.SiloDoesNotAnswer(silo, exception);
        }
    }

    // Returns false when a silo has come that did not know, and may have sent shards here.
    private async Task<bool> WaitForClientsAsync(CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < ClientWait && !cancellationToken.IsCancellationRequested)
        {
            if (IsSomebodyUntold || registry.HeldCount > 0)
            {
                return false;
            }

            await Task.Delay(PollPeriod, time, CancellationToken.None);
        }

        return true;
    }

    // Returns true when everything has gone; false when a silo has come or another one leaves, and it is to be told.
    private async Task<bool> WaitForHandOffAsync(long began, CancellationToken cancellationToken)
    {
        long reported = time.GetTimestamp();
        while (time.GetElapsedTime(began) < options.Value.HandOffTime && !cancellationToken.IsCancellationRequested)
        {
            if (IsSomebodyUntold)
            {
                return false;
            }

            // Nothing is here any more, replicas neither: their owners have made new ones by then.
            if (registry.HeldCount == 0)
            {
                return true;
            }

            if (IsAlone)
            {
                return false;
            }

            if (time.GetElapsedTime(reported) > ProgressPeriod)
            {
                reported = time.GetTimestamp();
                logger.HandingOff(registry.HeldCount, copies.Progress.MovingBytesLeft);
            }

            await Task.Delay(PollPeriod, time, CancellationToken.None);
        }

        return false;
    }
}
