using Granary.Tests.Shared;

namespace Granary.Store.Tests.Traces;

public sealed class ExactS3FifoTests
{
    private const int Capacity = 20; // of which 2 are the small queue's

    // Where the traces' table does not say which of several readings of the paper it takes, 0.03 points are between them.
    private const double Tolerance = 0.05;

    private readonly ExactS3Fifo _cache = new(Capacity, entryOverheadBytes: 0);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Request_UsedSoOftenInTheSmallQueue_IsKept(int uses, bool isKept)
    {
        _cache.Request(0, 1);
        for (int use = 0; use < uses; use++)
        {
            _cache.Request(0, 1);
        }

        Scan(first: 100, count: 2 * Capacity);

        Assert.Equal(isKept, _cache.Request(0, 1));
    }

    [Fact]
    public void Request_OfWhatWasEvictedAShortWhileAgo_IsKept()
    {
        _cache.Request(0, 1);
        Scan(first: 100, count: Capacity);
        _cache.Request(0, 1); // a miss
        Scan(first: 200, count: 2 * Capacity);

        Assert.True(_cache.Request(0, 1));
    }

    [Theory]
    [InlineData(148, 1)]
    [InlineData(147, 0)]
    public void Request_AroundTheCapacity_CountsTheOverhead(int capacityBytes, int count)
    {
        var cache = new ExactS3Fifo(capacityBytes);

        cache.Request(1, 100);

        Assert.Equal(count, cache.Count);
        Assert.Equal(count * 148, cache.UsedBytes);
    }

    // The figures of the traces' own table, which a plain simulator computed.
    [Theory]
    [InlineData(TraceReader.Web12, 500, 60.83)]
    [InlineData(TraceReader.Web12, 1500, 72.98)]
    [InlineData(TraceReader.OrmBusy, 1000, 77.71)]
    [InlineData(TraceReader.OrmBusy, 5000, 86.61)]
    public void Request_OfATrace_HitsAsPublished(string trace, int capacityObjects, double hitPercent)
    {
        int[] keys = TraceReader.ReadKeys(trace);
        var cache = new ExactS3Fifo(capacityObjects, entryOverheadBytes: 0);

        foreach (int key in keys)
        {
            cache.Request(key, 1);
        }

        Assert.Equal(hitPercent, cache.HitPercent, Tolerance);
    }

    private void Scan(int first, int count)
    {
        for (int key = first; key < first + count; key++)
        {
            _cache.Request(key, 1);
        }
    }
}
