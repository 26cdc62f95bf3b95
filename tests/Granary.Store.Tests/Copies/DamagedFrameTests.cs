using Granary.Store.Copies;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Copies;

/// <summary>
/// Frames as no feed writes them. They have no checksum, because what carries them has one: so a changed value is not
/// found here. But nothing is read or written outside of what is there, and a frame that is refused changes nothing.
/// </summary>
public sealed class DamagedFrameTests
{
    private static readonly byte[][] Frames = MakeFrames();

    [Fact]
    public void Apply_OfAFrameCutAnywhere_ChangesNothing()
    {
        for (int number = 0; number < Frames.Length; number++)
        {
            using StoreDriver target = Prepare(number);
            StoreStatistics before = target.Store.GetStatistics();
            for (int length = 0; length < Frames[number].Length; length++)
            {
                Assert.NotEqual(ApplyOutcome.Applied, target.Store.Apply(0, Frames[number].AsSpan(0, length)).Outcome);
            }

            Assert.NotEqual(ApplyOutcome.Applied, target.Store.Apply(0, [.. Frames[number], 0]).Outcome);
            Assert.Equal(before, target.Store.GetStatistics());
            Assert.Equal(ApplyOutcome.Applied, target.Store.Apply(0, Frames[number]).Outcome);
        }
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x10)]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void Apply_OfAFrameWithAnyByteChanged_IsRefusedOrLeavesASoundStore(byte change)
    {
        for (int number = 0; number < Frames.Length; number++)
        {
            byte[] frame = [.. Frames[number]];
            for (int index = 0; index < frame.Length; index++)
            {
                frame[index] ^= change;
                using StoreDriver target = Prepare(number);
                StoreStatistics before = target.Store.GetStatistics();

                ApplyResult result = target.Store.Apply(0, frame);

                if (result.Outcome != ApplyOutcome.Applied)
                {
                    Assert.Equal(new ApplyResult(result.Outcome, 0, 0, false, 0), result);
                    Assert.Equal(before, target.Store.GetStatistics());
                }

                AssertSound(target);
                frame[index] ^= change;
            }
        }
    }

    [Fact]
    public void Apply_OfAFrameOfNoise_IsRefusedOrLeavesASoundStore()
    {
        var random = new Random(5);
        for (int round = 0; round < 20_000; round++)
        {
            int number = random.Next(Frames.Length);
            byte[] frame = [.. Frames[number]];
            for (int changes = random.Next(1, 20); changes > 0; changes--)
            {
                frame[random.Next(8, frame.Length)] = (byte)random.Next(256);
            }

            using StoreDriver target = Prepare(number);
            target.Store.Apply(0, frame);
            AssertSound(target);
        }
    }

    // Entries with and without flags, expiry and window, then a deletion and changes, then a value in three parts, one a frame.
    private static byte[][] MakeFrames()
    {
        using var source = new StoreDriver();
        using ShardFeed feed = source.Store.OpenFeed(0);
        List<byte[]> frames = [];
        source.Set("plain", "value");
        source.Set("flags", "value", flags: 5);
        source.Set("both", "value", flags: 6, Expiration.AfterMilliseconds(100_000));
        source.Set("window", "value", flags: 7, Expiration.AfterMilliseconds(100_000).Sliding(1000));
        Read();
        source.Store.Delete(0, "plain"u8);
        source.Set("flags", "other");
        Read();
        source.Put(PutMode.Set, "parts", new byte[9000]);
        Read();
        return [.. frames];

        void Read()
        {
            byte[] frame = new byte[ShardFeed.SmallestFrameBytes];
            while (feed.Read(frame) is > 0 and int length)
            {
                frames.Add(frame[..length]);
            }
        }
    }

    // A copy that has had the frames before this one.
    private static StoreDriver Prepare(int number)
    {
        var target = new StoreDriver(memoryLimitBytes: StoreOptions.SmallestMemoryLimitBytes, isOpen: false);
        foreach (byte[] frame in Frames[..number])
        {
            Assert.Equal(ApplyOutcome.Applied, target.Store.Apply(0, frame).Outcome);
        }

        return target;
    }

    // It can be opened, its entries can be read, new ones written, all removed, and none leaves anything behind.
    private static void AssertSound(StoreDriver target)
    {
        target.Store.Open(0);
        foreach (string key in (string[])["plain", "flags", "both", "window", "parts"])
        {
            (byte[]? value, EntryInfo entry) = target.Read(key);
            Assert.Equal(entry.ValueLength, value?.Length ?? 0);
        }

        Assert.Equal(StoreResult.Success, target.Set("new", "value"));
        Assert.Equal("value", target.Get("new"));
        target.Store.Sweep(1000);
        target.Store.Clear(0);
        StoreStatistics statistics = target.Store.GetStatistics();
        Assert.Equal((0, 0), (statistics.Entries, statistics.EntryBytes));
    }
}
