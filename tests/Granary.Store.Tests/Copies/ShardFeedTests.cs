using Granary.Store.Copies;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Copies;

public sealed class ShardFeedTests
{
    [Fact]
    public void Read_OfAnEmptyShard_SaysThatAllIsScannedAndNoMore()
    {
        using var source = new StoreDriver();
        using var copy = new CopyDriver(source);

        Assert.True(copy.Feed.HasMore);
        Assert.True(copy.Step());

        Assert.True(copy.Feed.IsScanned);
        Assert.False(copy.Feed.HasMore);
        Assert.False(copy.Step());
    }

    [Fact]
    public void Read_IntoAShortFrame_Throws()
    {
        using var source = new StoreDriver();
        using ShardFeed feed = source.Store.OpenFeed(0);

        Assert.Throws<ArgumentException>(() => feed.Read(new byte[ShardFeed.SmallestFrameBytes - 1]));
    }

    [Fact]
    public void OpenFeed_OnceTooOften_ThrowsUntilOneIsDisposed()
    {
        using var source = new StoreDriver();
        List<ShardFeed> feeds = [.. Enumerable.Range(0, ShardFeed.MaxFeeds).Select(_ => source.Store.OpenFeed(0))];

        Assert.Throws<InvalidOperationException>(() => source.Store.OpenFeed(0));
        feeds[1].Dispose();
        feeds[1] = source.Store.OpenFeed(0);

        feeds.ForEach(feed => feed.Dispose());
    }

    [Theory]
    [InlineData("set")]
    [InlineData("append")]
    [InlineData("increment")]
    [InlineData("delete")]
    [InlineData("touch")]
    [InlineData("touch again")]
    [InlineData("get and touch")]
    [InlineData("long value")]
    [InlineData("flush")]
    [InlineData("flush later")]
    public void Change_OfAnyKind_IsCountedAndCoveredOnceRead(string kind)
    {
        using var source = new StoreDriver();
        source.Set("key", "1");
        source.Set("expiring", "1", expiration: Expiration.AfterMilliseconds(1000));
        using var copy = new CopyDriver(source);
        copy.Drain();
        long before = source.Store.ChangesOf(0);

        Change(source, kind);

        Assert.Equal(before + 1, source.Store.ChangesOf(0));
        Assert.Equal(before, copy.Feed.CoveredChanges);
        Assert.True(copy.Feed.HasMore);
        copy.Drain();
        Assert.Equal(before + 1, copy.Feed.CoveredChanges);
    }

    [Fact]
    public void Changes_OfWhatChangesNothing_StayTheSame()
    {
        using var source = new StoreDriver();
        source.Set("key", "text");
        long before = source.Store.ChangesOf(0);

        source.Get("key");
        source.Get("absent");
        source.Put(PutMode.Add, "key", [1]);
        source.Put(PutMode.Replace, "absent", [1]);
        source.Put(PutMode.CompareAndSet, "key", [1], compare: 1);
        source.Store.Increment(0, "key"u8, 1, false, out _, out _);
        source.Store.Delete(0, "absent"u8);
        source.Store.Touch(0, "absent"u8, Expiration.Immediately);
        source.Store.Touch(0, "key"u8, Expiration.Never);

        Assert.Equal(before, source.Store.ChangesOf(0));
    }

    [Fact]
    public void Read_OfAKeyThatChangesOften_SendsItOnce()
    {
        using var source = new StoreDriver();
        using var copy = new CopyDriver(source);
        copy.Drain();
        long waiting = 0;
        for (int change = 0; change < 10_000; change++)
        {
            source.Set("hot", $"value-{change}");
            waiting = change == 0 ? copy.Feed.WaitingBytes : waiting;
        }

        Assert.Equal(waiting, copy.Feed.WaitingBytes);
        copy.Drain();

        Assert.Equal(1, copy.Feed.EntriesRead);
        Assert.Equal(source.Store.ChangesOf(0), copy.Feed.CoveredChanges);
        copy.Target.Store.Open(0);
        Assert.Equal("value-9999", copy.Target.Get("hot"));
    }

    [Fact]
    public void CoveredChanges_WhileKeysWait_AreBeforeTheFirst()
    {
        using var source = new StoreDriver();
        using var copy = new CopyDriver(source, maxFrameBytes: ShardFeed.SmallestFrameBytes);
        copy.Drain();
        for (int key = 0; key < 10; key++)
        {
            source.Put(PutMode.Set, $"key-{key}", new byte[1000]);
        }

        copy.Step();

        Assert.Equal(3, copy.Feed.CoveredChanges);
        copy.Drain();
        Assert.Equal(10, copy.Feed.CoveredChanges);
    }

    [Fact]
    public void Clear_OfTheShard_BreaksTheFeed()
    {
        using var source = new StoreDriver();
        source.Set("key", "value");
        using var copy = new CopyDriver(source);
        copy.Step();

        source.Store.Clear(0);

        Assert.True(copy.Feed.IsBroken);
        Assert.False(copy.Feed.HasMore);
        Assert.False(copy.Step());
        source.Set("key", "value");
        Assert.False(copy.Step());
    }

    [Fact]
    public void Delete_OfAKeyThatWasEvicted_ReachesTheCopy()
    {
        // Of two lanes, the one with the key might stay open: which one is written to depends on the core.
        using var source = new StoreDriver(memoryLimitBytes: 8 << 20, laneCount: 1);
        source.Set("key", "value");
        using var copy = new CopyDriver(source, memoryLimitBytes: 64 << 20);
        copy.Drain();
        for (int key = 0; source.Store.GetStatistics().Evictions == 0; key++)
        {
            source.Put(PutMode.Set, $"key-{key}", new byte[1000]);
            copy.Drain();
        }

        Assert.Equal(StoreResult.NotFound, source.Store.Delete(0, "key"u8));
        copy.Drain();

        copy.Target.Store.Open(0);
        Assert.Null(copy.Target.Get("key"));
        Assert.NotNull(copy.Target.Read("key-0").Value);
    }

    [Fact]
    public void Apply_ToAShardThatIsFed_BreaksItsFeed()
    {
        using var source = new StoreDriver();
        using var copy = new CopyDriver(source);
        copy.Drain();
        using ShardFeed onward = copy.Target.Store.OpenFeed(0);

        source.Set("key", "value");
        copy.Drain();

        Assert.True(onward.IsBroken);
    }

    [Fact]
    public void Read_OfAClosedShard_GivesTheRest()
    {
        using var source = new StoreDriver();
        using var copy = new CopyDriver(source);
        copy.Step();
        source.Set("key", "value");

        source.Store.Close(0);
        copy.Drain();

        copy.Target.Store.Open(0);
        Assert.Equal("value", copy.Target.Get("key"));
    }

    [Fact]
    public void KeysThatWait_OverTheirBound_MakeTheFeedBeginAgain()
    {
        using var source = new StoreDriver(memoryLimitBytes: 256 << 20);
        for (int key = 0; key < 80_000; key++)
        {
            source.Set($"key-{key}", "old");
        }

        using var copy = new CopyDriver(source, 64 << 20);
        copy.Drain();
        int deleted = 0;
        for (; copy.Feed.Restarts == 0; deleted++)
        {
            source.Store.Delete(0, StoreDriver.Bytes($"key-{deleted}"));
            Assert.True(copy.Feed.WaitingBytes <= 1 << 20, $"{copy.Feed.WaitingBytes} bytes wait.");
        }

        Assert.False(copy.Feed.IsScanned);
        Assert.Equal(0, copy.Feed.WaitingBytes);
        source.Set($"key-{deleted}", "new");
        copy.Drain();
        copy.Target.Store.Open(0);
        Assert.Null(copy.Target.Get("key-0"));
        Assert.Null(copy.Target.Get($"key-{deleted - 1}"));
        Assert.Equal("new", copy.Target.Get($"key-{deleted}"));
        Assert.Equal(80_000 - deleted, copy.Target.Store.GetStatistics().Entries);
    }

    [Fact]
    public void Changes_BeforeTheScanComesToThem_DoNotWait()
    {
        using var source = new StoreDriver();
        using ShardFeed feed = source.Store.OpenFeed(0);

        for (int key = 0; key < 50_000; key++)
        {
            source.Set($"key-{key}", "value");
        }

        Assert.Equal(0, feed.WaitingBytes);
        Assert.Equal(0, feed.Restarts);
    }

    [Fact]
    public void Dispose_OfTheLastFeed_GivesItsMemoryBack()
    {
        using var source = new StoreDriver();
        using var copy = new CopyDriver(source);
        source.Set("key-0", "value");
        long before = source.Store.GetStatistics().UsedBytes;
        copy.Drain();
        for (int key = 0; key < 1000; key++)
        {
            source.Set($"key-{key % 10}", "other");
        }

        Assert.True(source.Store.GetStatistics().UsedBytes > before);
        copy.Feed.Dispose();

        Assert.Equal(before, source.Store.GetStatistics().UsedBytes);
    }

    [Fact]
    public void ChangesAndReads_InSteadyState_AllocateNothing()
    {
        using var source = new StoreDriver();
        using ShardFeed feed = source.Store.OpenFeed(0);
        byte[] frame = new byte[64 << 10];
        byte[] key = new byte[16];
        Churn(source.Store, feed, frame, key);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Churn(source.Store, feed, frame, key);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
    }

    private static void Churn(CacheStore store, ShardFeed feed, byte[] frame, byte[] key)
    {
        for (int number = 0; number < 20_000; number++)
        {
            BitConverter.TryWriteBytes(key, number % 5000);
            store.Put(0, PutMode.Set, key, frame.AsSpan(0, 100), 0, Expiration.Never, 0, out _);
            if (number % 100 == 0)
            {
                feed.Read(frame);
            }
        }
    }

    private static void Change(StoreDriver source, string kind)
    {
        StoreResult result = kind switch
        {
            "set" => source.Set("key", "value"),
            "append" => source.Put(PutMode.Append, "key", [1]),
            "increment" => source.Store.Increment(0, "key"u8, 1, false, out _, out _),
            "delete" => source.Store.Delete(0, "key"u8),
            "touch" => source.Store.Touch(0, "key"u8, Expiration.AfterMilliseconds(10)),
            "touch again" => source.Store.Touch(0, "expiring"u8, Expiration.AfterMilliseconds(10)),
            "get and touch" => source.GetAndTouch("key", Expiration.AfterMilliseconds(10)) is null
                ? StoreResult.NotFound
                : StoreResult.Success,
            "long value" => source.Put(PutMode.Set, "key", new byte[300_000]),
            _ => Flush(source, kind == "flush later" ? 1000 : 0),
        };
        Assert.Equal(StoreResult.Success, result);
    }

    private static StoreResult Flush(StoreDriver source, int afterMilliseconds)
    {
        source.Store.Flush(0, source.Now + afterMilliseconds);
        return StoreResult.Success;
    }
}
