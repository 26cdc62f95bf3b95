using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Namespaces;

/// <summary>Who leaves when a namespace is full, and what its part is.</summary>
public sealed class QuotaTests
{
    private static readonly string Thousand = new('v', 1_000);

    [Fact]
    public void Quota_ThatIsFull_KeepsWhatIsUsed()
    {
        using var driver = new StoreDriver(64 << 20, namespaces: Spaces.SmallAndFree);
        int missed = 0;
        for (int round = 0; round < 6_000; round++)
        {
            driver.Set($"s:new-{round}", Thousand);
            string hot = $"s:hot-{round % 100}";
            if (driver.Get(hot) is null)
            {
                driver.Set(hot, Thousand);
                missed++;
            }

            driver.Time.Advance(TimeSpan.FromMilliseconds(50)); // 300 s for what would be 6 positions of the log
            driver.Store.Sweep(0);
        }

        NamespaceStatistics small = Spaces.Of(driver, "small");
        Assert.InRange(missed, 100, 130); // each once, when it was new, and hardly one more of 6,000 reads
        Assert.InRange(small.EntryBytes, Spaces.Quota * 9 / 10, Spaces.Quota);
        Assert.Equal(small.Stores - small.Entries, small.Evictions);
        Assert.Equal((0, 0), (driver.Store.GetStatistics().Deletions, driver.Store.GetStatistics().Expirations));
    }

    [Fact]
    public void Share_IsOfTheOpenShards_AndWhatIsTooMuchGoesWithTheSweep()
    {
        using var driver = new StoreDriver(64 << 20, shardCount: 4, namespaces: Spaces.SmallAndFree);
        for (int number = 0; number < 4_000; number++)
        {
            driver.Store.Put(
                number % 2, PutMode.Set, StoreDriver.Bytes($"s:{number}"), new byte[1_000], 0, default, 0, out _);
        }

        Assert.InRange(Spaces.Of(driver, "small").EntryBytes, Spaces.Quota * 9 / 10, Spaces.Quota);
        driver.Store.Close(2); // nothing is in it, but its part goes
        driver.Store.Close(3);
        driver.Store.Sweep(0);

        NamespaceStatistics small = Spaces.Of(driver, "small");
        Assert.Equal(Spaces.Quota / 2, small.ShareBytes);
        Assert.InRange(small.EntryBytes, small.ShareBytes * 9 / 10, small.ShareBytes);
    }

    [Fact]
    public void ClosedShard_IsNotCountedAndNotEvictedFrom()
    {
        using var driver = new StoreDriver(64 << 20, shardCount: 2, namespaces: Spaces.SmallAndFree);
        driver.Store.Put(1, PutMode.Set, "s:old"u8, new byte[1_000], 0, default, 0, out _);
        driver.Store.Close(1);

        for (int number = 0; number < 2_000; number++)
        {
            driver.Set($"s:{number}", Thousand);
        }

        Assert.InRange(Spaces.Of(driver, "small").EntryBytes, 0, Spaces.Quota / 2);
        Assert.Equal(1, driver.Store.GetStatistics(1).ClosedEntries);
    }

    [Fact]
    public void Entry_ThatIsLargerThanTheShare_IsRefusedAndNothingIsEvicted()
    {
        using var driver = new StoreDriver(
            64 << 20, maxValueBytes: 4 << 20, namespaces: Spaces.SmallAndFree);
        driver.Set("s:present", "value");

        Assert.Equal(StoreResult.NoRoom, driver.Put(PutMode.Set, "s:long", new byte[(int)Spaces.Quota]));
        Assert.Equal("value", driver.Get("s:present"));
        Assert.Equal(StoreResult.Success, driver.Put(PutMode.Set, "f:long", new byte[(int)Spaces.Quota]));
    }

    [Fact]
    public void Quota_WhereNothingIsEvicted_RefusesWhatDoesNotFit()
    {
        using var driver = new StoreDriver(64 << 20, eviction: EvictionPolicy.None, namespaces: Spaces.SmallAndFree);
        int stored = 0;
        while (driver.Set($"s:{stored}", Thousand) == StoreResult.Success)
        {
            stored++;
        }

        Assert.InRange(stored, 900, 1_048);
        Assert.Equal(0, Spaces.Of(driver, "small").Evictions);
        Assert.Equal(StoreResult.Success, driver.Set("f:other", Thousand));
        driver.Store.Delete(0, "s:0"u8);
        Assert.Equal(StoreResult.Success, driver.Set("s:0", Thousand));
    }

    [Fact]
    public void Namespace_CountsItsReadsAndStores()
    {
        using var driver = new StoreDriver(namespaces: Spaces.SmallAndFree);
        driver.Set("s:1", "a");
        driver.Set("s:1", "b");
        driver.Set("plain", "c");
        driver.Get("s:1");
        driver.Get("s:2");
        driver.Get("plain");

        NamespaceStatistics small = Spaces.Of(driver, "small");

        Assert.Equal((1L, 1L, 1L, 2L, 0L), (small.Entries, small.Hits, small.Misses, small.Stores, small.Evictions));
        Assert.Equal(0, Spaces.Of(driver, "free").Misses);
    }

    [Fact]
    public async Task Writers_OfOneNamespace_KeepItsQuotaButForTheRecordsInHand()
    {
        using var driver = new StoreDriver(64 << 20, shardCount: 8, namespaces: Spaces.SmallAndFree);
        CacheStore store = driver.Store;
        Task[] writers = [.. Enumerable.Range(0, 4).Select(writer => Task.Run(() =>
        {
            for (int number = 0; number < 20_000; number++)
            {
                byte[] key = StoreDriver.Bytes($"s:{writer}-{number % 5_000}");
                store.Put(number % 8, PutMode.Set, key, new byte[number % 2_000], 0, default, 0, out _);
            }
        }))];
        await Task.WhenAll(writers);

        store.Sweep(0);
        NamespaceStatistics small = Spaces.Of(driver, "small");
        Assert.InRange(small.EntryBytes, Spaces.Quota / 2, Spaces.Quota);
        Assert.Equal(store.GetStatistics().EntryBytes, small.EntryBytes);
    }
}
