namespace Granary.Benchmarks.Measurement;

/// <summary>Two durations in microseconds; NaN where nothing was recorded.</summary>
internal readonly record struct Quantiles(double P50, double P99)
{
    public static Quantiles Of(LatencyHistogram histogram) => histogram.Count == 0
        ? new Quantiles(double.NaN, double.NaN)
        : new Quantiles(histogram.MicrosecondsAt(0.50), histogram.MicrosecondsAt(0.99));
}
