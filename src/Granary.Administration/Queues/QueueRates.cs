using Granary.Queues;

namespace Granary.Administration.Queues;

/// <summary>Messages per second, over about the last ten seconds.</summary>
public sealed record QueueRates(double Sent, double Received, double Completed, double Failed, double DeadLettered)
{
    /// <summary>Of what happened in a time.</summary>
    public static QueueRates Of(in QueueStatistics statistics)
    {
        double seconds = Math.Max(statistics.RecentTime.TotalSeconds, 1);
        QueueCounters recent = statistics.Recent;
        return new QueueRates(
            recent.Sent / seconds,
            recent.Received / seconds,
            recent.Completed / seconds,
            (recent.Abandoned + recent.Lapsed) / seconds,
            recent.DeadLettered / seconds);
    }
}
