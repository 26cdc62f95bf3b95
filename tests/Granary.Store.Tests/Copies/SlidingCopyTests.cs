using System.Buffers.Binary;
using Granary.Store.Copies;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Copies;

/// <summary>Copies of entries that expire when they have not been read for a while.</summary>
public sealed class SlidingCopyTests
{
    private const int Window = 8000;
    private const int Step = Window / 8;
    private const int LongBytes = 500_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Copy_ThatIsLessThanAnEighthBehind_ExpiresUpToAQuarterLaterAndNeverEarlier(int seed)
    {
        var random = new Random(seed);
        using var source = new StoreDriver();
        source.Set("key", "value", expiration: Expiration.Never.Sliding(Window));
        using ShardFeed feed = source.Store.OpenFeed(0);
        long copied = ReadExpiry(feed, 0);
        for (int read = 0; read < 200; read++)
        {
            source.Time.Advance(TimeSpan.FromMilliseconds(random.Next(Step)));
            long expiresAt = source.Read("key").Entry.ExpiresAt;

            Assert.Equal(source.Now + Window, expiresAt);
            Assert.True(copied >= expiresAt, "The copy would be gone before its time.");
            copied = ReadExpiry(feed, copied);
            Assert.InRange(copied, expiresAt + Step, expiresAt + (2 * Step));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Copy_ThatIsOpened_GoesOnWithTheWindow(int length)
    {
        using var source = new StoreDriver();
        source.Put(PutMode.Set, "key", new byte[length], 7, Expiration.AfterMilliseconds(2 * Window).Sliding(Window));
        long latest = source.Now + (2 * Window);
        using var copy = new CopyDriver(source);
        copy.Drain();
        copy.Target.Store.Open(0);

        source.Time.Advance(TimeSpan.FromMilliseconds(Window - 1));
        Assert.Equal((7u, source.Now + Window), (copy.Target.Read("key").Entry.Flags, copy.Target.Read("key").Entry.ExpiresAt));
        source.Time.Advance(TimeSpan.FromMilliseconds(Window - 1));
        Assert.Equal(latest, copy.Target.Read("key").Entry.ExpiresAt);
    }

    [Theory]
    [InlineData("read")]
    [InlineData("sweep")]
    public void Expiry_ThatTheSourceHasFound_IsTheCopysToo(string kind)
    {
        using var source = new StoreDriver(laneCount: 1);
        source.Set("key", "value", expiration: Expiration.Never.Sliding(Window));
        using var copy = new CopyDriver(source);
        copy.Drain();

        source.Time.Advance(TimeSpan.FromMilliseconds(Window));
        if (kind == "read")
        {
            Assert.Null(source.Get("key"));
        }
        else
        {
            for (int number = 0; number < 200; number++)
            {
                source.Set($"other-{number}", new string('x', 1000)); // so that its segment is sealed
            }

            source.Store.Sweep(1000);
        }

        copy.Drain();
        copy.Target.Store.Open(0);
        Assert.Null(copy.Target.Get("key"));
    }

    [Fact]
    public void Touch_OfAnEntryThatHasAWindow_EndsItInTheCopy()
    {
        using var source = new StoreDriver();
        source.Set("key", "value", expiration: Expiration.Never.Sliding(Window));
        using var copy = new CopyDriver(source);
        copy.Drain();

        source.Store.Touch(0, "key"u8, Expiration.AfterMilliseconds(Window));
        copy.Drain();
        copy.Target.Store.Open(0);
        source.Time.Advance(TimeSpan.FromMilliseconds(Window - 1));

        Assert.Equal(source.Now + 1, copy.Target.Read("key").Entry.ExpiresAt);
    }

    [Fact]
    public void Frame_WithoutWindows_IsOfTheFirstVersion()
    {
        using var source = new StoreDriver();
        source.Set("key", "value", expiration: Expiration.AfterMilliseconds(1000));
        using ShardFeed feed = source.Store.OpenFeed(0);
        byte[] frame = new byte[ShardFeed.SmallestFrameBytes];

        feed.Read(frame);
        Assert.Equal(1, frame[0]);
        source.Set("sliding", "value", expiration: Expiration.Never.Sliding(1));
        int length = feed.Read(frame);

        Assert.Equal(2, frame[0]);
        using var target = new StoreDriver(isOpen: false);
        frame[0] = 1;
        Assert.Equal(ApplyOutcome.Malformed, target.Store.Apply(0, frame.AsSpan(0, length)).Outcome);
        frame[0] = FrameHeader.PrefixVersion + 1;
        Assert.Equal(ApplyOutcome.UnknownVersion, target.Store.Apply(0, frame.AsSpan(0, length)).Outcome);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Feed_ForAReaderOfUnknownFormat_WaitsBeforeTheFirstWindow(int length)
    {
        using var source = new StoreDriver();
        source.Set("plain", "value");
        using var copy = new CopyDriver(source);
        copy.Drain();
        source.Set("plain", "other");
        source.Put(PutMode.Set, "sliding", new byte[length], expiration: Expiration.Never.Sliding(Window));
        byte[] frame = new byte[1 << 20];

        int first = copy.Feed.Read(frame, FrameFormat.Unknown);
        Assert.Equal(1, frame[0]);
        Assert.Equal(1, copy.Target.Store.Apply(0, frame.AsSpan(0, first)).Entries);
        int second = copy.Feed.Read(frame, FrameFormat.Unknown);
        Assert.Equal(0, copy.Target.Store.Apply(0, frame.AsSpan(0, second)).Entries);
        Assert.True(copy.Feed.HasMore);

        copy.Drain();
        copy.Target.Store.Open(0);
        (byte[]? value, EntryInfo entry) = copy.Target.Read("sliding");
        Assert.Equal(length, value?.Length);
        Assert.Equal(source.Read("sliding").Entry, entry);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Feed_ForAReaderOfTheFirstFormat_LeavesWindowsOut(int length)
    {
        using var source = new StoreDriver();
        source.Put(PutMode.Set, "key", new byte[length], flags: 7, Expiration.Never.Sliding(Window));
        using ShardFeed feed = source.Store.OpenFeed(0);
        using var target = new StoreDriver(time: source.Time, isOpen: false);
        byte[] frame = new byte[1 << 20];
        while (feed.Read(frame, FrameFormat.WithoutWindows) is > 0 and int bytes)
        {
            Assert.Equal(1, frame[0]);
            Assert.Equal(ApplyOutcome.Applied, target.Store.Apply(0, frame.AsSpan(0, bytes)).Outcome);
        }

        target.Store.Open(0);
        long expiresAt = target.Read("key").Entry.ExpiresAt;
        source.Time.Advance(TimeSpan.FromMilliseconds(Step));

        Assert.InRange(expiresAt, source.Now + Window, source.Now + Window + Step);
        Assert.Equal(expiresAt, target.Read("key").Entry.ExpiresAt);
    }

    // What the next frame says of the only entry; as before, if it says nothing.
    private static long ReadExpiry(ShardFeed feed, long before)
    {
        byte[] frame = new byte[ShardFeed.SmallestFrameBytes];
        return feed.Read(frame) > FrameHeader.Bytes
            ? BinaryPrimitives.ReadInt64LittleEndian(frame.AsSpan(FrameHeader.Bytes + 24))
            : before;
    }
}
