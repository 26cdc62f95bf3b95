using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Entries;

/// <summary>Entries that have tags, and the drop of a tag.</summary>
public sealed class TagTests
{
    private const ulong Red = 1;
    private const ulong Blue = 2;
    private const int LongBytes = 500_000;

    [Fact]
    public void Drop_TakesWhatHasTheTag_AndNothingElse()
    {
        using var driver = new StoreDriver();
        driver.SetTagged("both", "1", Blue, Red);
        driver.SetTagged("blue", "2", Blue);
        driver.Set("none", "3");

        driver.Store.DropTag(0, Red);

        Assert.Equal((null, "2", "3"), (driver.Get("both"), driver.Get("blue"), driver.Get("none")));
        StoreStatistics statistics = driver.Store.GetStatistics();
        Assert.Equal((2, 1, 0), (statistics.Entries, statistics.Deletions, statistics.Expirations));
    }

    [Fact]
    public void Drop_DoesNotTakeWhatIsStoredAfterwards()
    {
        using var driver = new StoreDriver();
        driver.SetTagged("key", "old", Red);
        driver.Store.DropTag(0, Red);

        driver.SetTagged("key", "new", Red);
        driver.SetTagged("other", "new", Red);

        Assert.Equal(("new", "new"), (driver.Get("key"), driver.Get("other")));
    }

    // Whatever writes the record anew takes its tags along.
    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Tags_StayThroughEveryChangeButAnotherValue(int length)
    {
        using var driver = new StoreDriver();
        byte[] value = new byte[length];
        value.AsSpan().Fill((byte)'7');
        Action<string>[] changes =
        [
            key => driver.Store.Touch(0, StoreDriver.Bytes(key), Expiration.AfterMilliseconds(60_000)),
            key => driver.Put(PutMode.Append, key, new byte[20]),
            key => driver.Put(PutMode.Prepend, key, new byte[20]),
            key => driver.Store.Delete(0, StoreDriver.Bytes(key), new DeleteOptions { MarksStale = true, NewCas = 9 }),
            key => driver.Store.Delete(0, StoreDriver.Bytes(key), new DeleteOptions { DropsValue = true }),
            key => driver.Store.Increment(0, StoreDriver.Bytes(key), 1, negative: false, out _, out _),
            key => driver.Store.Increment(0, StoreDriver.Bytes(key), 99_999_999, negative: false, out _, out _),
        ];
        for (int change = 0; change < changes.Length; change++)
        {
            driver.Put($"{change}", value, new PutOptions { Tags = new EntryTags(new[] { Blue, Red }) });
            changes[change]($"{change}");
            Assert.NotNull(driver.Get($"{change}"));
        }

        driver.Store.DropTag(0, Red);

        Assert.All(Enumerable.Range(0, changes.Length), change => Assert.Null(driver.Get($"{change}")));
    }

    [Fact]
    public void Tags_OfAValueThatWasReplaced_AreForgotten()
    {
        using var driver = new StoreDriver();
        driver.SetTagged("key", "value", Red);
        driver.SetTagged("key", "value", Blue);

        driver.Store.DropTag(0, Red);

        Assert.Equal("value", driver.Get("key"));
    }

    [Fact]
    public void Entry_WithAsManyTagsAsCanBe_IsDroppedByEach()
    {
        ulong[] tags = [.. Enumerable.Range(1, EntryTags.MaxCount).Select(static tag => (ulong)tag << 50)];
        using var driver = new StoreDriver();
        foreach (ulong tag in tags)
        {
            driver.SetTagged("key", "value", tags);
            Assert.Equal("value", driver.Get("key"));

            driver.Store.DropTag(0, tag);

            Assert.Null(driver.Get("key"));
        }

        Assert.Throws<ArgumentException>(() => new EntryTags(new ulong[EntryTags.MaxCount + 1]));
    }

    [Fact]
    public void Value_ThatWasBegunBeforeADrop_AndIsStoredAfterwards_Stays()
    {
        using var driver = new StoreDriver();
        var options = new PutOptions { Tags = new EntryTags(new[] { Red }) };
        using StagedValue staged = driver.Store.Stage("key"u8, LongBytes, options);
        Assert.True(staged.TryWrite(new byte[LongBytes]));
        driver.Store.DropTag(0, Red);

        Assert.Equal(StoreResult.Success, driver.Store.Commit(0, staged, options, out _));

        Assert.Equal(LongBytes, driver.Read("key").Value?.Length);
        driver.Store.DropTag(0, Red);
        Assert.Null(driver.Read("key").Value);
    }

    [Fact]
    public void Memory_OfWhatWasDropped_ComesBackBySweeping()
    {
        using var driver = new StoreDriver();
        for (int number = 0; number < 20_000; number++)
        {
            driver.SetTagged($"key-{number}", new string('v', 100), Red);
        }

        driver.Store.DropTag(0, Red);
        while (driver.Store.Sweep(1000) > 0)
        {
        }

        Assert.InRange(driver.Store.GetStatistics().Entries, 0, 20_000 / 4); // but what lies in segments that are being filled
    }

    // Distinct tags, many more than are remembered: what was dropped stays gone, what was not stays, whatever the index does.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Drops_AreForgottenOnlyWhenNothingIsLeftOfThem(int seed)
    {
        var random = new Random(seed);
        using var driver = new StoreDriver(memoryLimitBytes: 64 << 20);
        var live = new Dictionary<string, ulong>(StringComparer.Ordinal);
        var byTag = new Dictionary<ulong, List<string>>();
        ulong nextTag = 0;
        for (int round = 0; round < 20_000; round++)
        {
            // Grows for a while, then shrinks.
            int stores = round / 3_000 % 2 == 0 ? 3 : 0;
            for (int store = 0; store < stores; store++)
            {
                string key = $"key-{random.Next(60_000)}";
                ulong tag = (ulong)random.NextInt64((long)nextTag, (long)nextTag + 4_000);
                Assert.Equal(StoreResult.Success, driver.SetTagged(key, "v", tag, tag ^ (1ul << 60)));
                live[key] = tag;
                byTag.TryAdd(tag, []);
                byTag[tag].Add(key);
            }

            driver.Store.DropTag(0, nextTag | (round % 2 == 0 ? 1ul << 60 : 0));
            Assert.InRange(driver.Store.RememberedDrops(0), 0, 2048);
            foreach (string key in byTag.GetValueOrDefault(nextTag, []).Where(key => live.GetValueOrDefault(key) == nextTag))
            {
                live.Remove(key);
            }

            nextTag++;
        }

        for (int number = 0; number < 60_000; number++)
        {
            Assert.Equal(live.ContainsKey($"key-{number}"), driver.Get($"key-{number}") is not null);
        }
    }
}
