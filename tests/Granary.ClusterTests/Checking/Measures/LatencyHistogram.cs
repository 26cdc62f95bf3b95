using System.Numerics;

namespace Granary.ClusterTests.Checking.Measures;

/// <summary>
/// How many operations took how long, in buckets that are at most 1/64 wide of what they hold: exact to 1.6 % from a
/// microsecond to hours. One thread writes.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 7;
    private const int SubBuckets = 1 << SubBucketBits;
    private const int Octaves = 40;

    private readonly long[] _counts = new long[SubBuckets * Octaves];

    public long Count { get; private set; }

    public TimeSpan Max { get; private set; }

    public void Add(TimeSpan latency)
    {
        Count++;
        Max = latency > Max ? latency : Max;
        _counts[IndexOf((ulong)Math.Max(0, latency.Ticks / TimeSpan.TicksPerMicrosecond))]++;
    }

    public void Add(LatencyHistogram other)
    {
        Count += other.Count;
        Max = other.Max > Max ? other.Max : Max;
        for (int index = 0; index < _counts.Length; index++)
        {
            _counts[index] += other._counts[index];
        }
    }

    /// <summary>What <paramref name="percent"/> of the operations did not exceed; zero where there are none.</summary>
    public TimeSpan Percentile(double percent)
    {
        long rank = (long)Math.Ceiling(Count * percent / 100);
        long seen = 0;
        for (int index = 0; index < _counts.Length; index++)
        {
            seen += _counts[index];
            if (seen >= rank && seen > 0)
            {
                var bound = TimeSpan.FromMicroseconds(UpperBoundOf(index));
                return bound < Max ? bound : Max;
            }
        }

        return TimeSpan.Zero;
    }

    // Below 128 a bucket for each number; above, 64 for each doubling.
    private static int IndexOf(ulong microseconds)
    {
        int octave = Math.Max(0, BitOperations.Log2(microseconds | 1) - SubBucketBits + 1);
        int index = (octave * SubBuckets / 2) + (int)(microseconds >> octave);
        return Math.Min(index, (SubBuckets * Octaves) - 1);
    }

    private static double UpperBoundOf(int index)
    {
        int octave = Math.Max(0, (index / (SubBuckets / 2)) - 1);
        long first = index - (octave * SubBuckets / 2L);
        return Math.ScaleB(first + 1, octave) - 1;
    }
}
