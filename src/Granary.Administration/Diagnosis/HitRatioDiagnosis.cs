using Granary.Administration.State;
using Granary.Reports;

namespace Granary.Administration.Diagnosis;

/// <summary>Whether the hit ratio has fallen, and what happened at the same time.</summary>
internal static class HitRatioDiagnosis
{
    // The last minute is compared with the ten before it.
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(11);

    private const double Fall = 0.05;
    private const double MinReadsPerSecond = 10; // below, a ratio is chance

    public static IEnumerable<Finding> Of(ClusterState cluster, ClusterHistory? history)
    {
        if (history is null || Average(history, cluster.Time, TimeSpan.Zero, Lately) is not { } now
            || Average(history, cluster.Time, Lately, Before) is not { } before
            || now.Reads < MinReadsPerSecond || before.Reads < MinReadsPerSecond || before.Ratio - now.Ratio < Fall)
        {
            yield break;
        }

        yield return new Finding(
            FindingSeverity.Warning,
            "hit-ratio-fell",
            $"The hit ratio fell from {Plain.Percent(before.Ratio)} to {Plain.Percent(now.Ratio)}. {ReasonOf(cluster, before, now)}",
            null,
            "cluster");
    }

    // What is likeliest first. Each is seen at the same time; none is proven.
    private static string ReasonOf(ClusterState cluster, Rates before, Rates now)
    {
        HappenedState? happened = cluster.Happened.FirstOrDefault(one =>
            cluster.Time - one.At < Before.TotalMilliseconds && one.Kind is ClusterEventKind.Flushed or ClusterEventKind.Lost);
        if (happened is not null)
        {
            return $"{Plain.Age((cluster.Time - happened.At) / 1000.0)} ago: {happened.Text}";
        }

        if (now.Evictions > 2 * before.Evictions && now.Evictions > 0.02 * now.Reads)
        {
            return $"Evictions rose from {Plain.Rate(before.Evictions)} to {Plain.Rate(now.Evictions)}, so entries go before they are read again.";
        }

        if (now.Expirations > 2 * before.Expirations && now.Expirations > 0.02 * now.Reads)
        {
            return $"Expirations rose from {Plain.Rate(before.Expirations)} to {Plain.Rate(now.Expirations)}.";
        }

        return now.Reads > 1.5 * before.Reads
            ? $"Reads rose from {Plain.Rate(before.Reads)} to {Plain.Rate(now.Reads)}, and the new ones ask for keys that were never stored."
            : "Keys are asked for that were never stored, or were deleted.";
    }

    private static Rates? Average(ClusterHistory history, long now, TimeSpan from, TimeSpan to)
    {
        int[] points = [.. Enumerable.Range(0, history.Times.Count).Where(point =>
            now - history.Times[point] >= from.TotalMilliseconds && now - history.Times[point] < to.TotalMilliseconds)];
        if (points.Length == 0)
        {
            return null;
        }

        double Mean(IReadOnlyList<double?> series) => points.Average(point => series[point]) ?? 0;
        return new Rates(Mean(history.Hits), Mean(history.Misses), Mean(history.Evictions), Mean(history.Expirations));
    }

    private readonly record struct Rates(double Hits, double Misses, double Evictions, double Expirations)
    {
        public double Reads => Hits + Misses;

        public double Ratio => Reads > 0 ? Hits / Reads : 0;
    }
}
