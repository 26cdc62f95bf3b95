using Granary.Store.Copies;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Copies;

/// <summary>Copies of entries that have marks, or a cas that a client has chosen.</summary>
public sealed class MarkedCopyTests
{
    private const int LongBytes = 500_000;

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Copy_OfAMarkedEntry_HasItsMarksAndCas(int length)
    {
        using var source = new StoreDriver();
        using var copy = new CopyDriver(source);
        copy.Drain();
        Put(source, length, new PutOptions { HasBinaryKey = true });
        Read(source);
        copy.Drain();
        source.Store.Delete(0, "key"u8, new DeleteOptions { MarksStale = true, NewCas = 77 });
        Assert.True(Read(source).HasWon);
        copy.Drain();
        copy.Target.Store.Open(0);

        EntryDetails details = Read(copy.Target);

        EntryMarks all = EntryMarks.Stale | EntryMarks.TokenOut | EntryMarks.BinaryKey | EntryMarks.Fetched;
        Assert.Equal((all, false, 77ul), (details.Marks, details.HasWon, details.Entry.Cas));
        Assert.Equal(Read(source).Entry, details.Entry);
    }

    [Fact]
    public void Copy_OfAGivenCas_GoesOnWithTheShardsOwn()
    {
        using var source = new StoreDriver();
        using var copy = new CopyDriver(source);
        Put(source, 5, new PutOptions { NewCas = ulong.MaxValue });
        ulong last = source.LastCas;
        copy.Drain();
        copy.Target.Store.Open(0);

        copy.Target.Set("key", "value");

        Assert.InRange(copy.Target.LastCas, last + 1, ulong.MaxValue / 2);
        copy.Target.Store.Flush(0, 0);
        Assert.Null(copy.Target.Get("key"));
    }

    // Without its mark an older build would take it for fresh.
    [Theory]
    [InlineData(FrameFormat.WithoutWindows, 5)]
    [InlineData(FrameFormat.WithoutMarks, 5)]
    [InlineData(FrameFormat.WithoutMarks, LongBytes)]
    public void Feed_ForAReaderOfAnOlderFormat_LeavesStaleEntriesOut(FrameFormat format, int length)
    {
        using var source = new StoreDriver();
        Put(source, length, default);
        source.Store.Delete(0, "key"u8, new DeleteOptions { MarksStale = true });
        source.Set("fresh", "value");
        Assert.Equal("value", source.Get("fresh"));
        using ShardFeed feed = source.Store.OpenFeed(0);
        using var target = new StoreDriver(time: source.Time, isOpen: false);

        CopyDriver.Drain(feed, target, format);
        Put(source, length, default);
        CopyDriver.Drain(feed, target, format);
        target.Store.Open(0);
        Assert.Equal(length, target.Read("key").Value?.Length);
        target.Store.Close(0);
        source.Store.Delete(0, "key"u8, new DeleteOptions { MarksStale = true });
        using ShardFeed again = source.Store.OpenFeed(0);
        CopyDriver.Drain(again, target, format);

        target.Store.Open(0);
        Assert.Null(target.Read("key").Value);
        Assert.Equal("value", target.Get("fresh"));
    }

    [Fact]
    public void Feed_ForAReaderOfUnknownFormat_WaitsBeforeTheFirstMark()
    {
        using var source = new StoreDriver();
        source.Set("plain", "value");
        using var copy = new CopyDriver(source);
        copy.Drain();
        source.Set("plain", "other");
        Put(source, 5, default);
        Read(source);
        byte[] frame = new byte[1 << 20];

        int first = copy.Feed.Read(frame, FrameFormat.Unknown);
        Assert.Equal(1, frame[0]);
        Assert.Equal(1, copy.Target.Store.Apply(0, frame.AsSpan(0, first)).Entries);
        int second = copy.Feed.Read(frame, FrameFormat.Unknown);
        Assert.Equal(0, copy.Target.Store.Apply(0, frame.AsSpan(0, second)).Entries);
        Assert.True(copy.Feed.HasMore);
        int third = copy.Feed.Read(frame);

        Assert.Equal(3, frame[0]);
        frame[0] = 2;
        Assert.Equal(ApplyOutcome.Malformed, copy.Target.Store.Apply(0, frame.AsSpan(0, third)).Outcome);
    }

    private static void Put(StoreDriver driver, int length, in PutOptions options) =>
        Assert.Equal(StoreResult.Success, driver.Store.Put(0, "key"u8, new byte[length], options, out _));

    private static EntryDetails Read(StoreDriver driver)
    {
        var sink = new DetailSink();
        Assert.Equal(StoreResult.Success, driver.Store.Read(0, "key"u8, default, ref sink));
        return sink.Details;
    }
}
