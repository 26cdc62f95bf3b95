using Granary.Store.Copies;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Copies;

/// <summary>Copies of entries that have tags, and of drops.</summary>
public sealed class TaggedCopyTests
{
    private const ulong Red = 1;
    private const int LongBytes = 500_000;

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Copy_OfATaggedEntry_IsDroppedWithIt(int length)
    {
        using var source = new StoreDriver();
        using var copy = new CopyDriver(source);
        Put(source, "old", length);
        Put(source, "kept", length, 77);
        copy.Drain();
        long before = source.Store.ChangesOf(0);

        source.Store.DropTag(0, Red);
        Assert.Equal(before + 1, source.Store.ChangesOf(0));
        Assert.Equal(before, copy.Feed.CoveredChanges);
        copy.Drain();
        Put(source, "new", length);
        copy.Drain();
        copy.Target.Store.Open(0);

        Assert.Null(copy.Target.Read("old").Value);
        Assert.Equal((length, length), (copy.Target.Read("kept").Value?.Length, copy.Target.Read("new").Value?.Length));
        copy.Target.Store.DropTag(0, Red);
        Assert.Null(copy.Target.Read("new").Value);
    }

    [Fact]
    public void Drop_IsNotSentBeforeAValueThatIsUnderWay()
    {
        using var source = new StoreDriver();
        using var copy = new CopyDriver(source);
        Put(source, "long", LongBytes);
        Assert.True(copy.Step(4096));

        source.Store.DropTag(0, Red);
        copy.Drain(4096);
        copy.Target.Store.Open(0);

        Assert.Null(copy.Target.Read("long").Value);
    }

    [Fact]
    public void Drops_MoreThanMayWait_BeginTheCopyAgain()
    {
        using var source = new StoreDriver();
        using var copy = new CopyDriver(source);
        Put(source, "old", 5);
        source.Set("plain", "value");
        copy.Drain();

        for (ulong tag = Red; tag < 5_000; tag++)
        {
            source.Store.DropTag(0, tag);
        }

        copy.Drain(4096);
        Assert.Equal(1, copy.Feed.Restarts);
        copy.Target.Store.Open(0);
        Assert.Equal((null, "value"), (copy.Target.Get("old"), copy.Target.Get("plain")));
    }

    // It would stay there when its tag is dropped, by a silo that knows no tags.
    [Theory]
    [InlineData(FrameFormat.WithoutWindows)]
    [InlineData(FrameFormat.WithoutMarks)]
    [InlineData(FrameFormat.WithoutTags)]
    public void Feed_ForAReaderOfAnOlderFormat_LeavesTaggedEntriesOut(FrameFormat format)
    {
        using var source = new StoreDriver();
        Put(source, "tagged", 5);
        source.Set("plain", "value");
        source.Set("later", "plain");
        using ShardFeed feed = source.Store.OpenFeed(0);
        using var target = new StoreDriver(time: source.Time, isOpen: false);

        CopyDriver.Drain(feed, target, format);
        Put(source, "later", 5); // what it was before must not stay
        source.Store.DropTag(0, 99);
        CopyDriver.Drain(feed, target, format);
        target.Store.Open(0);

        Assert.Equal((null, "value", null), (target.Get("tagged"), target.Get("plain"), target.Get("later")));
        Assert.Equal(source.Store.ChangesOf(0), feed.CoveredChanges);
    }

    [Fact]
    public void Feed_ForAReaderOfUnknownFormat_WaitsBeforeTheFirstTagAndTheFirstDrop()
    {
        using var source = new StoreDriver();
        source.Set("plain", "value");
        using var copy = new CopyDriver(source);
        copy.Drain();
        source.Store.DropTag(0, Red);
        byte[] frame = new byte[1 << 20];

        int first = copy.Feed.Read(frame, FrameFormat.Unknown);
        Assert.Equal(1, frame[0]);
        Assert.Equal(ApplyOutcome.Applied, copy.Target.Store.Apply(0, frame.AsSpan(0, first)).Outcome);
        Assert.True(copy.Feed.HasMore);
        int second = copy.Feed.Read(frame);

        Assert.Equal(4, frame[0]);
        frame[0] = 3;
        Assert.Equal(ApplyOutcome.Malformed, copy.Target.Store.Apply(0, frame.AsSpan(0, second)).Outcome);
    }

    private static void Put(StoreDriver driver, string key, int length, ulong tag = Red) => Assert.Equal(
        StoreResult.Success, driver.Put(key, new byte[length], new PutOptions { Tags = new EntryTags(new[] { tag }) }));
}
