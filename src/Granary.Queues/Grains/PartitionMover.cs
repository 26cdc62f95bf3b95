using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.Queues.Grains;

/// <summary>
/// Follows the cluster: partitions go where they belong, and a silo that leaves waits until its own have gone. Before the
/// silo's other services stop, and after it has told the others that it leaves: whoever comes first in the list of hosted
/// services is asked last.
/// </summary>
internal sealed class PartitionMover(
    PartitionPlaces places, IClusterMembers members, TimeProvider time, ILogger<PartitionMover> logger)
    : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    // Partitions move when the silos have been the same for this many periods: they often come in groups. One that leaves
    // waits for nobody.
    private const int QuietPeriods = 10;

    // A partition is gone in milliseconds; if its database does not answer, after a command's time.
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        while (places.HostedCount > 0 && places.HasOthers && members.IsLeaving)
        {
            if (time.GetElapsedTime(began) > LeaveTime || cancellationToken.IsCancellationRequested)
            {
                logger.PartitionsStay(places.HostedCount);
                return;
            }

            await Task.Delay(Period, time, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        object? seen = null;
        int quiet = 0;
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            object now = places.Map;
            quiet = ReferenceEquals(now, seen) ? quiet + 1 : 0;
            seen = now;
            if (quiet >= QuietPeriods || members.IsLeaving)
            {
                MoveMisplaced();
            }
        }
    }

    private void MoveMisplaced()
    {
        try
        {
            places.MoveMisplaced();
        }
        catch (Exception exception) // the edge: the next tick tries again
        {
            logger.NotMoved(exception);
        }
    }
}
