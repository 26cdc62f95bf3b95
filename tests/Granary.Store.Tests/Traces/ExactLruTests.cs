using Granary.Tests.Shared;

namespace Granary.Store.Tests.Traces;

public sealed class ExactLruTests
{
    [Fact]
    public void Request_BeyondTheCapacity_EvictsTheLeastRecentlyUsed()
    {
        var lru = new ExactLru(capacityBytes: 2, entryOverheadBytes: 0);
        lru.Request(1, 1);
        lru.Request(2, 1);
        lru.Request(1, 1);

        lru.Request(3, 1);

        Assert.True(lru.Request(1, 1));
        Assert.True(lru.Request(3, 1));
        Assert.False(lru.Request(2, 1));
    }

    [Theory]
    [InlineData(148, 1)]
    [InlineData(147, 0)]
    public void Request_AroundTheCapacity_CountsTheOverhead(int capacityBytes, int count)
    {
        var lru = new ExactLru(capacityBytes);

        lru.Request(1, 100);

        Assert.Equal(count, lru.Count);
        Assert.Equal(count * 148, lru.UsedBytes);
    }

    [Fact]
    public void Request_OfALongEntry_EvictsAsManyAsItNeeds()
    {
        var lru = new ExactLru(capacityBytes: 10, entryOverheadBytes: 0);
        for (int key = 0; key < 10; key++)
        {
            lru.Request(key, 1);
        }

        lru.Request(10, 8);

        Assert.Equal(3, lru.Count);
        Assert.Equal(10, lru.UsedBytes);
        Assert.True(lru.Request(8, 1));
        Assert.True(lru.Request(9, 1));
    }

    // The figures of the traces' own table, which a plain simulator computed.
    [Theory]
    [InlineData(TraceReader.Web12, 500, 55.78)]
    [InlineData(TraceReader.Web12, 1500, 69.43)]
    [InlineData(TraceReader.OrmBusy, 1000, 78.78)]
    [InlineData(TraceReader.OrmBusy, 5000, 85.46)]
    public void Request_OfATrace_HitsAsPublished(string trace, int capacityObjects, double hitPercent)
    {
        int[] keys = TraceReader.ReadKeys(trace);
        var lru = new ExactLru(capacityObjects, entryOverheadBytes: 0);

        foreach (int key in keys)
        {
            lru.Request(key, 1);
        }

        Assert.Equal(hitPercent, lru.HitPercent, 0.005);
    }
}
