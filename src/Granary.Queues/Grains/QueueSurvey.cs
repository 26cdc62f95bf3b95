using Granary.Queues.Logs;
using Granary.Queues.Topics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Granary.Queues.Grains;

/// <summary>
/// Opens the partitions that belong to this silo and that nobody has used since it started: or its metrics would not tell
/// of what is in them, and a queue without workers is the one that somebody should hear of.
/// </summary>
internal sealed class QueueSurvey(
    QueueKeeper keeper,
    IGrainFactory grains,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<QueueSurvey> logger) : BackgroundService
{
    // After the start, which has more urgent things to do.
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(FirstPause, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            timer.Period = Period;
            await TryAsync(() => OpenAsync(stoppingToken));
        }
    }

    // One after the other: there may be many.
    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<QueueDefinition> queues = keeper.HasStorage ? await keeper.ListAsync() : [];
        foreach (PartitionDefinition definition in queues.SelectMany(PartitionDefinition.AllOf))
        {
            for (int index = 0; index < definition.Queue.Partitions && !cancellationToken.IsCancellationRequested; index++)
            {
                if (keeper.Wants(definition.Queue, index) && !keeper.Census.Has(new PartitionId(definition.Name, index)))
                {
                    IQueuePartitionGrain partition = grains.GetGrain<IQueuePartitionGrain>(index, definition.Key);
                    await TryAsync(() => partition.GetStatisticsAsync().AsTask());
                }
            }
        }
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception) // the edge: one partition, or one look; whoever uses the partition is told what is wrong
        {
            logger.NotSurveyed(exception);
        }
    }
}
