using System.Diagnostics;
using System.Numerics;

namespace Granary.Benchmarks.Measurement;

/// <summary>
/// Counts durations in <see cref="Stopwatch"/> ticks, 64 buckets to a power of two: at most 1.6 % off.
/// </summary>
/// <remarks>One thread writes. Read it after that thread has ended.</remarks>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 6;
    private const int SubBuckets = 1 << SubBucketBits;

    // Index = shift * 64 + (ticks >> shift), where the shift leaves 7 significant bits: 64 to 127 once ticks >= 128.
    // The largest shift of a 63-bit duration is 56.
    private readonly long[] _counts = new long[(56 * SubBuckets) + (2 * SubBuckets)];

    /// <summary>Durations recorded.</summary>
    public long Count => _counts.Sum();

    public void Record(long ticks, int count)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)ticks) - SubBucketBits);
        _counts[(shift * SubBuckets) + (int)(ticks >> shift)] += count;
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }
    }

    /// <summary>
    /// The duration that <paramref name="quantile"/> (0 to 1) of the recorded ones did not exceed, in microseconds.
    /// </summary>
    public double MicrosecondsAt(double quantile)
    {
        long wanted = (long)Math.Ceiling(Count * quantile);
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted && seen > 0)
            {
                return TicksOf(i) * 1e6 / Stopwatch.Frequency;
            }
        }

        return 0;
    }

    private static long TicksOf(int index)
    {
        int shift = Math.Max(0, (index / SubBuckets) - 1);
        return (long)(index - (shift * SubBuckets)) << shift;
    }
}
