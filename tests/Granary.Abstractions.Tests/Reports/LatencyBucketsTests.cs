using CsCheck;
using Granary.Reports;

namespace Granary.Abstractions.Tests.Reports;

public sealed class LatencyBucketsTests
{
    [Fact]
    public void Bucket_OfADuration_EndsAtMostAnEighthAboveIt() =>
        Gen.Long[1_100 / TimeSpan.NanosecondsPerTick, TimeSpan.TicksPerMinute].Sample(static ticks =>
        {
            var duration = TimeSpan.FromTicks(ticks);
            TimeSpan bound = LatencyBuckets.UpperBoundOf(LatencyBuckets.IndexOf(duration));
            return bound >= duration && bound <= duration * 1.125 + TimeSpan.FromTicks(1);
        });

    [Fact]
    public void Buckets_AtTheirEnds_TakeEverything()
    {
        Assert.Equal(0, LatencyBuckets.IndexOf(TimeSpan.Zero));
        Assert.Equal(0, LatencyBuckets.IndexOf(TimeSpan.FromTicks(-1)));
        Assert.Equal(LatencyBuckets.Count - 1, LatencyBuckets.IndexOf(TimeSpan.FromHours(1)));
        Assert.Equal(LatencyBuckets.Count - 1, LatencyBuckets.IndexOf(TimeSpan.MaxValue));
    }

    [Fact]
    public void Percentile_OfCounts_IsTheBucketOfThatRank()
    {
        long[] counts = new long[LatencyBuckets.Count];
        counts[LatencyBuckets.IndexOf(TimeSpan.FromMilliseconds(1))] = 99;
        counts[LatencyBuckets.IndexOf(TimeSpan.FromSeconds(1))] = 1;

        Assert.InRange(LatencyBuckets.Percentile(counts, 0.99)!.Value.TotalMilliseconds, 1, 1.125);
        Assert.InRange(LatencyBuckets.Percentile(counts, 0.999)!.Value.TotalMilliseconds, 1_000, 1_125);
        Assert.Null(LatencyBuckets.Percentile(new long[LatencyBuckets.Count], 0.5));
    }

    [Fact]
    public void Subtract_OfNothingEarlier_IsAll()
    {
        Assert.Equal([1, 2], LatencyBuckets.Subtract([1, 2], []));
        Assert.Equal([1, 0], LatencyBuckets.Subtract([3, 2], [2, 2]));
    }
}
