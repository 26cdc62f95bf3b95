using System.Text;
using Granary.Store.Entries;
using Granary.Store.Eviction;
using Granary.Store.Tests.Model;
using Granary.Store.Tests.Namespaces;

namespace Granary.Store.Tests.Eviction;

/// <summary>Who asks is told of each entry that is evicted, and of no other that goes.</summary>
public sealed class EvictionSinkTests : IEvictionSink
{
    private readonly List<(string Key, EntryDetails Details)> _told = [];

    void IEvictionSink.Evicted(ReadOnlySpan<byte> key, in EntryDetails details) =>
        _told.Add((Encoding.UTF8.GetString(key), details));

    [Theory]
    [InlineData(EvictionPolicy.Lru, 1_000)]
    [InlineData(EvictionPolicy.S3Fifo, 1_000)]
    [InlineData(EvictionPolicy.Lru, 200_000)] // over more than one segment
    public void Entries_ThatMakeRoom_AreToldWithWhatIsKnownOfThem(EvictionPolicy policy, int valueBytes)
    {
        using var driver = new StoreDriver(memoryLimitBytes: 8 << 20, eviction: policy, laneCount: 1);
        int count = 2 * (8 << 20) / valueBytes;
        driver.Store.TellOfEvictions(this);
        driver.Set("deleted", "v");
        driver.Store.Delete(0, "deleted"u8);
        driver.Put(PutMode.Set, "first", new byte[valueBytes], expiration: Expiration.AfterMilliseconds(1_000_000));
        driver.Time.Advance(TimeSpan.FromSeconds(10));
        for (int number = 0; number < count; number++)
        {
            driver.Put(PutMode.Set, $"k{number}", new byte[valueBytes]);
        }

        Assert.Equal(driver.Store.GetStatistics().Evictions, _told.Count);
        Assert.Equal(_told.Count, _told.DistinctBy(static told => told.Key, StringComparer.Ordinal).Count());
        Assert.All(_told, told => Assert.Equal(valueBytes, told.Details.Entry.ValueLength));
        EntryDetails first = Assert.Single(_told, static told => told.Key == "first").Details;
        Assert.Equal((10, EntryMarks.None), (first.SecondsUnused, first.Marks));
        Assert.Equal(driver.Now - 10_000 + 1_000_000, first.Entry.ExpiresAt);

        int before = _told.Count;
        driver.Store.TellOfEvictions(null);
        for (int number = 0; number < count; number++)
        {
            driver.Put(PutMode.Set, $"later{number}", new byte[valueBytes]);
        }

        Assert.Equal(before, _told.Count);
    }

    [Fact]
    public void Entries_OverTheirQuota_AreToldAsWell()
    {
        using var driver = new StoreDriver(64 << 20, namespaces: Spaces.SmallAndFree);
        driver.Store.TellOfEvictions(this);

        for (int number = 0; number < 4_000; number++)
        {
            driver.Put(PutMode.Set, $"s:{number}", new byte[1_000]);
        }

        Assert.True(_told.Count > 0);
        Assert.Equal(Spaces.Of(driver, "small").Evictions, _told.Count);
    }
}
