using Granary.Store.Copies;
using Granary.Store.Entries;
using Granary.Store.Tests.Copies;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Namespaces;

/// <summary>Namespaces that are dropped, here and in copies.</summary>
public sealed class DroppedNamespaceTests
{
    private const int LongBytes = 500_000;

    [Fact]
    public void Drop_TakesWhatWasStoredBeforeAndGivesItsQuotaBackAtOnce()
    {
        using var driver = new StoreDriver(64 << 20, namespaces: Spaces.SmallAndFree);
        driver.Set("s:old", "1");
        driver.Set("f:kept", "2");
        driver.Set("kept", "3");

        Spaces.Drop(driver, "s:");

        Assert.Equal((0, 0), (Spaces.Of(driver, "small").Entries, Spaces.Of(driver, "small").EntryBytes));
        Assert.Equal(2, driver.Store.GetStatistics().Entries);
        Assert.Equal((null, "2", "3"), (driver.Get("s:old"), driver.Get("f:kept"), driver.Get("kept")));
        driver.Set("s:old", "4");
        Assert.Equal("4", driver.Get("s:old"));
    }

    [Fact]
    public void Drop_GivesItsMemoryBackWithTheSweep()
    {
        using var driver = new StoreDriver(namespaces: Spaces.SmallAndFree);
        for (int number = 0; number < 1_000; number++)
        {
            driver.Put(PutMode.Set, $"f:{number}", new byte[8_000]);
        }

        long before = driver.Store.GetStatistics().UsedBytes;
        Spaces.Drop(driver, "f:");
        while (driver.Store.Sweep(10_000) > 0)
        {
        }

        Assert.InRange(driver.Store.GetStatistics().UsedBytes, 0, before / 4);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Copy_IsDroppedWithIt(int length)
    {
        using var source = new StoreDriver(namespaces: Spaces.SmallAndFree);
        using var copy = new CopyDriver(source);
        AssertIsDropped(source, copy, length);
        Assert.Equal(0, copy.Feed.Restarts);
    }

    // Silos get their options one after the other.
    [Fact]
    public void Copy_InAStoreWithoutTheNamespace_IsDroppedWithIt()
    {
        using var source = new StoreDriver(namespaces: Spaces.SmallAndFree);
        using var copy = new CopyDriver(source, namespaces: []);
        AssertIsDropped(source, copy, length: 5);
    }

    [Fact]
    public void Copy_OfAStoreWithoutTheNamespace_IsDroppedWithIt()
    {
        using var source = new StoreDriver();
        using var copy = new CopyDriver(source, namespaces: Spaces.SmallAndFree);
        AssertIsDropped(source, copy, length: 5);
    }

    [Theory]
    [InlineData(FrameFormat.WithoutWindows)]
    [InlineData(FrameFormat.WithoutTags)]
    [InlineData(FrameFormat.WithoutPrefixes)]
    public void Feed_ForAReaderOfAnOlderFormat_BeginsAgain(FrameFormat format)
    {
        using var source = new StoreDriver(namespaces: Spaces.SmallAndFree);
        using var target = new StoreDriver(isOpen: false);
        source.Set("s:old", "1");
        source.Set("kept", "2");
        using ShardFeed feed = source.Store.OpenFeed(0);
        CopyDriver.Drain(feed, target, format);

        Spaces.Drop(source, "s:");
        source.Set("s:new", "3");
        CopyDriver.Drain(feed, target, format);
        target.Store.Open(0);

        Assert.Equal(1, feed.Restarts);
        Assert.Equal((null, "2", "3"), (target.Get("s:old"), target.Get("kept"), target.Get("s:new")));
    }

    // An owner that evicts for the quota and a copy that does not would be over it once the copy is served.
    [Fact]
    public void Copy_LosesWhatTheQuotaHasEvicted()
    {
        using var source = new StoreDriver(64 << 20, namespaces: Spaces.SmallAndFree);
        using var copy = new CopyDriver(source, 64 << 20);
        for (int number = 0; number < 4_000; number++)
        {
            source.Put(PutMode.Set, $"s:{number}", new byte[1_000]);
            if (number % 100 == 0)
            {
                copy.Drain();
            }
        }

        copy.Drain();
        Assert.Equal(source.Store.GetStatistics().Entries, copy.Target.Store.GetStatistics().ClosedEntries);
        copy.Target.Store.Open(0);
        Assert.Equal(Spaces.Of(source, "small").EntryBytes, Spaces.Of(copy.Target, "small").EntryBytes);
    }

    private static void AssertIsDropped(StoreDriver source, CopyDriver copy, int length)
    {
        source.Put(PutMode.Set, "s:old", new byte[length]);
        source.Put(PutMode.Set, "kept", new byte[length]);
        copy.Drain();

        Spaces.Drop(source, "s:");
        copy.Drain();
        source.Put(PutMode.Set, "s:new", new byte[length]);
        copy.Drain();
        copy.Target.Store.Open(0);

        Assert.Null(copy.Target.Read("s:old").Value);
        Assert.Equal((length, length), (copy.Target.Read("kept").Value?.Length, copy.Target.Read("s:new").Value?.Length));
        Assert.Equal(2, copy.Target.Store.GetStatistics().Entries);
    }
}
