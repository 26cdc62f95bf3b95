using Granary.Reports;

namespace Granary.Administration.State;

/// <summary>Percentiles, in milliseconds; <see langword="null"/> of nothing.</summary>
/// <param name="Count">How many were timed.</param>
/// <param name="P50">The median.</param>
/// <param name="P99">Of a hundred, one takes longer.</param>
/// <param name="P999">Of a thousand, one takes longer.</param>
public sealed record LatencyState(long Count, double? P50, double? P99, double? P999)
{
    /// <summary>Of counts by <see cref="LatencyBuckets"/>.</summary>
    public static LatencyState Of(long[] counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        return new LatencyState(
            counts.Sum(),
            LatencyBuckets.Percentile(counts, 0.5)?.TotalMilliseconds,
            LatencyBuckets.Percentile(counts, 0.99)?.TotalMilliseconds,
            LatencyBuckets.Percentile(counts, 0.999)?.TotalMilliseconds);
    }
}
