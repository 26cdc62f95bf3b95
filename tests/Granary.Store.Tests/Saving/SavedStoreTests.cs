using Granary.Store.Entries;
using Granary.Store.Saving;

namespace Granary.Store.Tests.Saving;

public sealed class SavedStoreTests
{
    private const int Keys = 3000;

    [Theory]
    [InlineData(8)] // as it was
    [InlineData(1)]
    [InlineData(13)]
    public void Load_IntoAnyNumberOfShards_GivesBackWhatWasSaved(int shardCount)
    {
        using var source = new SavingDriver(shardCount: 8);
        Fill(source, seed: 1);
        var expected = Enumerable.Range(0, Keys).ToDictionary(Key, key => source.Read(Key(key)), StringComparer.Ordinal);
        byte[] saved = source.Save("who");

        using var target = new SavingDriver(shardCount, source.Time);
        LoadResult result = target.Load(saved);
        target.Open();

        Assert.Equal(new LoadResult(LoadOutcome.Loaded, Keys, Keys), result);
        ulong greatestCas = 0;
        foreach ((string key, (byte[]? Value, EntryInfo Entry) entry) in expected)
        {
            (byte[]? value, EntryInfo info) = target.Read(key);
            Assert.Equal(entry.Value, value);
            Assert.Equal(entry.Entry, info);
            greatestCas = target.ShardOf(key) == target.ShardOf("new") ? Math.Max(greatestCas, info.Cas) : greatestCas;
        }

        target.Set("new", [1]);
        Assert.True(target.Read("new").Entry.Cas > greatestCas, "A cas was given twice.");
    }

    [Theory]
    [InlineData(4)] // as it was
    [InlineData(3)]
    public void Load_OfTaggedEntries_LeavesOutWhatWasDropped_AndKeepsTheTags(int shardCount)
    {
        using var source = new SavingDriver(shardCount: 4);
        source.Open();
        source.SetTagged("gone", [1], 7);
        source.SetTagged("kept", [2], 8);
        Drop(source, 7);

        using var target = new SavingDriver(shardCount, source.Time);
        LoadResult result = target.Load(source.Save());
        target.Open();

        Assert.Equal(new LoadResult(LoadOutcome.Loaded, 1, 1), result);
        Assert.Null(target.Read("gone").Value);
        Assert.Equal([2], target.Read("kept").Value);
        Drop(target, 8);
        Assert.Null(target.Read("kept").Value);

        static void Drop(SavingDriver driver, ulong tag)
        {
            for (int shard = 0; shard < driver.Store.Options.ShardCount; shard++)
            {
                Assert.True(driver.Store.DropTag(shard, tag));
            }
        }
    }

    [Fact]
    public void Load_AfterSomeTime_LeavesOutWhatHasExpired()
    {
        using var source = new SavingDriver(shardCount: 4);
        source.Open();
        source.Set("short", [1], expiration: Expiration.AfterMilliseconds(1000));
        source.Set("long", [2], expiration: Expiration.AfterMilliseconds(10_000));
        long expiresAt = source.Now + 10_000;
        byte[] saved = source.Save();

        source.Time.Advance(TimeSpan.FromSeconds(1));
        using var target = new SavingDriver(shardCount: 4, source.Time);
        LoadResult result = target.Load(saved);
        target.Open();

        Assert.Equal(new LoadResult(LoadOutcome.Loaded, 2, 1), result);
        Assert.Null(target.Read("short").Value);
        Assert.Equal(expiresAt, target.Read("long").Entry.ExpiresAt);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(3)]
    public void Load_OfEntriesThatHaveWindows_GoesOnWithThem(int shardCount)
    {
        using var source = new SavingDriver(shardCount: 4);
        source.Open();
        source.Set("key", [1], flags: 7, Expiration.AfterMilliseconds(1500).Sliding(1000));
        source.Set("plain", [2]);
        long latest = source.Now + 1500;
        byte[] saved = source.Save();

        using var target = new SavingDriver(shardCount, source.Time);
        Assert.Equal(LoadOutcome.Loaded, target.Load(saved).Outcome);
        target.Open();
        source.Time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal((7u, source.Now + 1000), (target.Read("key").Entry.Flags, target.Read("key").Entry.ExpiresAt));
        source.Time.Advance(TimeSpan.FromMilliseconds(999));

        Assert.Equal(latest, target.Read("key").Entry.ExpiresAt);
        Assert.Equal(0, target.Read("plain").Entry.ExpiresAt);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(3)]
    public void Load_BeforeADelayedFlushIsDue_StillFlushesThen(int shardCount)
    {
        using var source = new SavingDriver(shardCount: 4);
        Fill(source, seed: 2);
        for (int shard = 0; shard < 4; shard++)
        {
            source.Store.Flush(shard, source.Now + 1000);
        }

        using var target = new SavingDriver(shardCount, source.Time);
        target.Load(source.Save());
        target.Open();

        Assert.NotNull(target.Read(Key(0)).Value);
        source.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.All(Enumerable.Range(0, Keys), key => Assert.Null(target.Read(Key(key)).Value));
    }

    [Fact]
    public void Load_IntoLessMemory_KeepsWhatWasUsedLast()
    {
        const int Entries = 30_000;
        using var source = new SavingDriver(shardCount: 16, memoryLimitBytes: 64 << 20);
        source.Open();
        for (int key = 0; key < Entries; key++)
        {
            source.Set(Key(key), new byte[1000]);
        }

        byte[] saved = source.Save();
        using var target = new SavingDriver(shardCount: 16, source.Time, memoryLimitBytes: 16 << 20);
        LoadResult result = target.Load(saved);
        target.Open();

        StoreStatistics statistics = target.Store.GetStatistics();
        int newest = Enumerable.Range(Entries - (int)result.Entries, (int)result.Entries)
            .Count(key => target.Read(Key(key)).Value is not null);
        Assert.True(statistics.UsedBytes <= statistics.BudgetBytes);
        Assert.True(statistics.EntryBytes > statistics.BudgetBytes * 0.85, $"Only {statistics.EntryBytes} bytes are used.");
        Assert.True(newest > result.Entries * 0.9, $"{newest} of the {result.Entries} entries are the newest.");
    }

    [Fact]
    public void Write_OfAFullStore_EvictsNothing()
    {
        using var source = new SavingDriver(shardCount: 16);
        source.Open();
        for (int key = 0; key < 30_000; key++)
        {
            source.Set(Key(key), new byte[1000]);
        }

        StoreStatistics before = source.Store.GetStatistics();
        byte[] saved = source.Save();

        Assert.True(before.Evictions > 0);
        Assert.Equal(before.Evictions, source.Store.GetStatistics().Evictions);
        using var target = new SavingDriver(shardCount: 16, source.Time, memoryLimitBytes: 32 << 20);
        Assert.Equal(new LoadResult(LoadOutcome.Loaded, before.Entries, before.Entries), target.Load(saved));
    }

    [Fact]
    public void Load_OfAShorterLimit_LeavesLongerValuesOut()
    {
        using var source = new SavingDriver(shardCount: 2);
        source.Open();
        source.Set("long", new byte[500_000]);
        source.Set("short", new byte[1000]);

        using var target = new SavingDriver(shardCount: 2, source.Time, maxValueBytes: 100_000);
        LoadResult result = target.Load(source.Save());

        Assert.Equal(new LoadResult(LoadOutcome.Loaded, 2, 1), result);
    }

    [Fact]
    public void Load_AfterMarkUsed_IsRefused()
    {
        using var source = new SavingDriver(shardCount: 2);
        Fill(source, seed: 3);
        byte[] saved = source.Save();

        SavedStore.MarkUsed(new MemoryStream(saved));

        using var target = new SavingDriver(shardCount: 2, source.Time);
        AssertRefused(target, saved, LoadOutcome.Used);
    }

    [Fact]
    public void Load_OfALaterVersion_IsRefused()
    {
        using var source = new SavingDriver(shardCount: 2);
        byte[] saved = source.Save();

        saved[8]++;

        AssertRefused(source, saved, LoadOutcome.UnknownVersion);
    }

    [Fact]
    public void Load_OfAFileCutAnywhere_IsRefused()
    {
        byte[] saved = SmallFile(out SavingDriver target);
        using (target)
        {
            for (int length = 0; length < saved.Length; length++)
            {
                AssertRefused(target, saved[..length], LoadOutcome.Damaged);
            }

            AssertRefused(target, [.. saved, 0], LoadOutcome.Damaged);
            Assert.Equal(LoadOutcome.Loaded, target.Load(saved).Outcome);
        }
    }

    [Fact]
    public void Load_OfAFileWithAnyByteChanged_IsRefused()
    {
        byte[] saved = SmallFile(out SavingDriver target);
        using (target)
        {
            for (int index = 0; index < saved.Length; index++)
            {
                foreach (byte change in (byte[])[0x01, 0x80, 0xFF])
                {
                    saved[index] ^= change;
                    bool isVersion = index is >= 8 and < 12;
                    AssertRefused(target, saved, isVersion ? LoadOutcome.UnknownVersion : LoadOutcome.Damaged);
                    saved[index] ^= change;
                }
            }

            Assert.Equal(LoadOutcome.Loaded, target.Load(saved).Outcome);
        }
    }

    [Fact]
    public void Load_OfBlocksThatWereSwappedOrRepeated_IsRefused()
    {
        using var source = new SavingDriver(shardCount: 3);
        byte[] saved = source.Save(); // three frames of nothing, all of one length
        int first = saved.Length - 24 - (3 * 64);
        byte[] one = saved[first..(first + 64)];
        byte[] two = saved[(first + 64)..(first + 128)];

        AssertRefused(source, [.. saved[..first], .. two, .. one, .. saved[(first + 128)..]], LoadOutcome.Damaged);
        AssertRefused(source, [.. saved[..first], .. one, .. one, .. saved[(first + 128)..]], LoadOutcome.Damaged);
        AssertRefused(source, [.. saved[..first], .. saved[(first + 64)..]], LoadOutcome.Damaged);
        Assert.Equal(LoadOutcome.Loaded, source.Load(saved).Outcome);
    }

    [Fact]
    public void ReadHeader_TellsWhoSavedItAndWhen()
    {
        using var source = new SavingDriver(shardCount: 5);

        SavedHeader? header = SavedStore.ReadHeader(new MemoryStream(source.Save("Größe")), out _);

        Assert.Equal(("Größe", 5, source.Now), (header!.Origin, header.ShardCount, header.SavedAtUnixMilliseconds));
    }

    [Fact]
    public void Write_OfAShardThatIsCleared_SaysThatItIsWorthNothing()
    {
        using var source = new SavingDriver(shardCount: 1);
        Fill(source, seed: 4);
        source.Store.Close(0);

        long entries = SavedStore.Write(
            source.Store,
            [0],
            string.Empty,
            Stream.Null,
            _ => source.Store.Clear(0),
            TestContext.Current.CancellationToken);

        Assert.Equal(-1, entries);
    }

    private static string Key(int number) => $"key-{number}";

    private static void Fill(SavingDriver driver, int seed)
    {
        var random = new Random(seed);
        driver.Open();
        for (int key = 0; key < Keys; key++)
        {
            byte[] value = new byte[key % 1000 == 0 ? random.Next(700_000) : random.Next(300)];
            random.NextBytes(value);
            driver.Set(
                Key(key),
                value,
                random.Next(2) == 0 ? 0 : (uint)random.Next(),
                random.Next(2) == 0 ? Expiration.Never : Expiration.AfterMilliseconds(random.Next(10_000, 100_000)));
        }
    }

    // Two shards; entries with and without flags and expiry; an origin.
    private static byte[] SmallFile(out SavingDriver target)
    {
        using var source = new SavingDriver(shardCount: 2);
        source.Open();
        source.Set("plain", [1, 2, 3]);
        source.Set("flags", [4], flags: 5);
        source.Set("both", new byte[300], flags: 6, Expiration.AfterMilliseconds(10_000));
        target = new SavingDriver(shardCount: 2, source.Time);
        return source.Save("origin");
    }

    private static void AssertRefused(SavingDriver target, byte[] saved, LoadOutcome outcome)
    {
        LoadResult result = target.Load(saved);

        StoreStatistics statistics = target.Store.GetStatistics();
        Assert.Equal(new LoadResult(outcome, 0, 0), result);
        Assert.Equal((0, 0), (statistics.Entries, statistics.ClosedEntries));
    }
}
