using Granary.Queues.Partitions;

namespace Granary.Queues.Owners;

/// <summary>
/// What was counted in the last ten seconds, from at most one reading a second. A reading is made before what comes
/// with it is counted, so what follows one happened within a second of it: else there were another.
/// </summary>
internal sealed class RecentCounters(PartitionTime opened)
{
    private const long WindowMilliseconds = 10_000;
    private const long PeriodMilliseconds = 1000;

    private readonly Queue<(long At, QueueCounters Counters)> _readings = new([(opened.Monotonic, default)]);
    private long _last = opened.Monotonic;

    /// <summary>Before anything is counted at this time.</summary>
    public void Read(PartitionTime now, PartitionCounters counters)
    {
        if (now.Monotonic - _last < PeriodMilliseconds)
        {
            return;
        }

        _last = now.Monotonic;
        _readings.Enqueue((_last, counters.Read()));
        while (_readings.Count > 1 && _readings.Peek().At + PeriodMilliseconds <= now.Monotonic - WindowMilliseconds)
        {
            _readings.Dequeue();
        }
    }

    /// <summary>Completes what a partition says of itself.</summary>
    public QueueStatistics AddTo(QueueStatistics statistics, PartitionTime now) => statistics with
    {
        Recent = statistics.Total - _readings.Peek().Counters,
        RecentTime = TimeSpan.FromMilliseconds(Math.Min(now.Monotonic - opened.Monotonic, WindowMilliseconds)),
    };
}
