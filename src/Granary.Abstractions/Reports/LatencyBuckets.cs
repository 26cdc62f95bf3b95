using System.Numerics;

namespace Granary.Reports;

// Log-linear, as HdrHistogram: eight buckets for each power of two, from about 1 us to about a minute. So a percentile
// is at most an eighth too high, whatever is measured, and two readings are subtracted bucket by bucket.

/// <summary>The buckets of latency counts that silos report.</summary>
public static class LatencyBuckets
{
    private const int SubBits = 3;
    private const int LowestBits = 10; // 1,024 ns: what is quicker is in the first bucket
    private const int Octaves = 26; // up to 2^36 ns, 68 s: what is slower is in the last

    /// <summary>How many.</summary>
    public const int Count = 1 + (Octaves << SubBits);

    /// <summary>The bucket of a duration.</summary>
    public static int IndexOf(TimeSpan duration)
    {
        ulong nanoseconds = (ulong)Math.Max(0, duration.Ticks) * TimeSpan.NanosecondsPerTick;
        int octave = BitOperations.Log2(nanoseconds | 1) - LowestBits;
        if (octave < 0)
        {
            return 0;
        }

        int sub = (int)(nanoseconds >> (octave + LowestBits - SubBits)) & ((1 << SubBits) - 1);
        return Math.Min(1 + (octave << SubBits) + sub, Count - 1);
    }

    /// <summary>What everything in a bucket is shorter than.</summary>
    public static TimeSpan UpperBoundOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (index == 0)
        {
            return TimeSpan.FromTicks((1L << LowestBits) / TimeSpan.NanosecondsPerTick);
        }

        int octave = (index - 1) >> SubBits;
        long sub = (index - 1) & ((1 << SubBits) - 1);
        long nanoseconds = ((1L << SubBits) + sub + 1) << (octave + LowestBits - SubBits);
        return TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    /// <summary>The duration that a share of what was counted does not exceed.</summary>
    /// <param name="counts">One for each bucket.</param>
    /// <param name="share">0 to 1: 0.99 for the 99th percentile.</param>
    /// <returns><see langword="null"/> if nothing was counted.</returns>
    public static TimeSpan? Percentile(ReadOnlySpan<long> counts, double share)
    {
        long total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        if (total == 0)
        {
            return null;
        }

        long rank = Math.Max(1, (long)Math.Ceiling(total * share));
        int index = 0;
        for (long seen = counts[0]; seen < rank && index < counts.Length - 1; seen += counts[index])
        {
            index++;
        }

        return UpperBoundOf(index);
    }

    /// <summary>What was counted between two readings.</summary>
    /// <param name="later">The later reading.</param>
    /// <param name="earlier">The earlier one; empty: there was none, and all counts.</param>
    public static long[] Subtract(ReadOnlySpan<long> later, ReadOnlySpan<long> earlier)
    {
        long[] difference = later.ToArray();
        for (int index = 0; index < Math.Min(later.Length, earlier.Length); index++)
        {
            difference[index] -= earlier[index];
        }

        return difference;
    }
}
