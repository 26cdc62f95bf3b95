using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests;

public sealed class CacheStoreTests
{
    [Fact]
    public void Get_OfAnAbsentKey_Misses()
    {
        using var driver = new StoreDriver();

        Assert.Null(driver.Get("absent"));
        Assert.Equal(1, driver.Store.GetStatistics().Misses);
    }

    [Fact]
    public void Get_AfterSet_HandsValueAndFlags()
    {
        using var driver = new StoreDriver();

        driver.Set("key", "value", flags: 0xFFFF_FFFF);

        (byte[]? value, EntryInfo entry) = driver.Read("key");
        Assert.Equal("value"u8.ToArray(), value);
        Assert.Equal(0xFFFF_FFFF, entry.Flags);
    }

    [Theory]
    [InlineData(999, true)]
    [InlineData(1000, false)]
    public void Get_AroundTheExpiration_IsExactToTheMillisecond(int afterMilliseconds, bool present)
    {
        using var driver = new StoreDriver();
        driver.Set("key", "value", expiration: Expiration.AfterMilliseconds(1000));

        driver.Time.Advance(TimeSpan.FromMilliseconds(afterMilliseconds));

        Assert.Equal(present, driver.Get("key") is not null);
    }

    [Fact]
    public void Cas_OfEveryChange_Rises()
    {
        using var driver = new StoreDriver();
        ulong last = 0;

        for (int change = 0; change < 100; change++)
        {
            driver.Set($"key-{change % 3}", $"value-{change}");
            Assert.True(driver.LastCas > last);
            last = driver.LastCas;
        }

        Assert.True(last >= (ulong)driver.Now * 1000);
    }

    [Fact]
    public void Touch_OfAnEntryWithoutExpiry_KeepsItsCas()
    {
        using var driver = new StoreDriver();
        driver.Set("key", "value");
        ulong cas = driver.LastCas;

        driver.Store.Touch(0, "key"u8, Expiration.AfterMilliseconds(500));

        Assert.Equal(cas, driver.Read("key").Entry.Cas);
        driver.Time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Null(driver.Get("key"));
    }

    [Fact]
    public void Operations_OnAClosedShard_AnswerNotOpenAndKeepTheEntries()
    {
        using var driver = new StoreDriver();
        driver.Set("key", "value");

        driver.Store.Close(0);

        Assert.Equal(StoreResult.NotOpen, driver.Set("key", "other"));
        Assert.Equal(StoreResult.NotOpen, driver.Store.Delete(0, "key"u8));
        Assert.Equal(StoreResult.NotOpen, driver.Store.Touch(0, "key"u8, Expiration.Never));
        Assert.Equal(StoreResult.NotOpen, driver.Store.Increment(0, "key"u8, 1, false, out _, out _));
        driver.Store.Open(0);
        Assert.Equal("value", driver.Get("key"));
    }

    [Fact]
    public void Delete_OfAnEntryThatIsThere_IsCounted()
    {
        using var driver = new StoreDriver();
        driver.Set("key", "value");

        driver.Store.Delete(0, "key"u8);
        driver.Store.Delete(0, "key"u8);

        Assert.Equal(1, driver.Store.GetStatistics().Deletions);
    }

    [Fact]
    public void Clear_OfAShard_GivesTheMemoryBack()
    {
        using var driver = new StoreDriver();
        for (int number = 0; number < 20_000; number++)
        {
            driver.Set($"key-{number}", new string('x', 100));
        }

        driver.Store.Clear(0);
        StoreStatistics statistics = driver.Store.GetStatistics();

        Assert.Equal(0, statistics.Entries);
        Assert.Equal(0, statistics.EntryBytes);
        Assert.True(statistics.UsedBytes < 2 << 20, $"{statistics.UsedBytes} bytes are still used.");
        Assert.Null(driver.Get("key-1"));
    }

    [Fact]
    public void Set_OfMoreThanTheBudget_EvictsAndStaysWithin()
    {
        using var driver = new StoreDriver(memoryLimitBytes: 8 << 20);

        for (int number = 0; number < 200_000; number++)
        {
            Assert.Equal(StoreResult.Success, driver.Set($"key-{number}", new string('x', number % 300)));
        }

        StoreStatistics statistics = driver.Store.GetStatistics();
        Assert.True(statistics.UsedBytes <= statistics.BudgetBytes);
        Assert.Equal(200_000, statistics.Entries + statistics.Evictions);
        Assert.Equal(new string('x', 199_999 % 300), driver.Get("key-199999"));
        Assert.Null(driver.Get("key-0"));
    }

    [Fact]
    public void Set_OfMoreThanTheBudget_KeepsWhatIsRead()
    {
        const int Used = 1000;
        using var driver = new StoreDriver(memoryLimitBytes: 8 << 20);
        for (int number = 0; number < Used; number++)
        {
            driver.Set($"used-{number}", "value");
        }

        for (int number = 0; number < 100_000; number++)
        {
            driver.Set($"key-{number}", new string('x', 200));
            Assert.Equal("value", driver.Get($"used-{number % Used}"));
        }

        Assert.Null(driver.Get("key-0"));
    }

    [Fact]
    public void Set_OfLongValuesOnly_EvictsTheOldest()
    {
        using var driver = new StoreDriver(memoryLimitBytes: 8 << 20);

        for (int number = 0; number < 100; number++)
        {
            Assert.Equal(StoreResult.Success, driver.Put(PutMode.Set, $"key-{number}", new byte[900_000]));
        }

        Assert.NotNull(driver.Get("key-99"));
        Assert.Null(driver.Get("key-0"));
    }

    [Fact]
    public void Sweep_AfterEverythingExpired_GivesTheMemoryBack()
    {
        using var driver = new StoreDriver();
        for (int number = 0; number < 50_000; number++)
        {
            driver.Set($"key-{number}", new string('x', 100), expiration: Expiration.AfterMilliseconds(1000));
        }

        driver.Put(PutMode.Set, "long", new byte[500_000], expiration: Expiration.AfterMilliseconds(1000));
        driver.Time.Advance(TimeSpan.FromSeconds(1));
        while (driver.Store.Sweep(10_000) > 0)
        {
        }

        StoreStatistics statistics = driver.Store.GetStatistics();
        Assert.True(statistics.Expirations > 49_000, $"{statistics.Expirations} expirations");
        Assert.True(statistics.UsedBytes < 2 << 20, $"{statistics.UsedBytes} bytes are still used.");
    }

    [Fact]
    public void Flush_OfAShard_HidesWhatWasThereAndKeepsWhatComes()
    {
        using var driver = new StoreDriver();
        driver.Set("old", "value");

        driver.Store.Flush(0, 0);
        driver.Set("new", "value");

        Assert.Null(driver.Get("old"));
        Assert.Equal("value", driver.Get("new"));
        Assert.Equal(1, driver.Store.GetStatistics().Entries);
    }

    [Fact]
    public void LookUp_OfWhatIsGone_IsCountedByWhy()
    {
        using var driver = new StoreDriver();
        driver.Set("flushed", "value", expiration: Expiration.AfterMilliseconds(1));
        driver.Store.Flush(0, 0);
        foreach (string key in new[] { "read", "touched", "deleted", "counted", "stored", "swept" })
        {
            driver.Set(key, "value", expiration: Expiration.AfterMilliseconds(1));
        }

        driver.Time.Advance(TimeSpan.FromMilliseconds(1));
        driver.Get("absent");
        driver.Get("flushed");
        driver.Get("read");
        driver.Get("read");
        driver.Store.Touch(0, "touched"u8, Expiration.Never);
        driver.Store.Delete(0, "deleted"u8);
        driver.Store.Increment(0, "counted"u8, 1, false, out _, out _);
        driver.Set("stored", "value");
        while (driver.Store.Sweep(10_000) > 0)
        {
        }

        StoreStatistics statistics = driver.Store.GetStatistics();
        Assert.Equal((5, 1), (statistics.FoundExpired, statistics.FoundFlushed));
    }

    [Theory]
    [InlineData(1024)]
    [InlineData(1)]
    public void Set_WithAKeyAtTheBounds_IsFound(int keyLength)
    {
        using var driver = new StoreDriver();
        string key = new('k', keyLength);

        driver.Set(key, "value");

        Assert.Equal("value", driver.Get(key));
    }

    [Fact]
    public void Options_OutOfBounds_AreNamed()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new CacheStore(new StoreOptions { MemoryLimitBytes = 0 }, TimeProvider.System));

        Assert.StartsWith("StoreOptions.MemoryLimitBytes is 0; it must be", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_WithAPolicyThatIsNone_AreNamed()
    {
        var error = Assert.Throws<ArgumentException>(
            () => new CacheStore(new StoreOptions { Eviction = (EvictionPolicy)7 }, TimeProvider.System));

        Assert.StartsWith("StoreOptions.Eviction is 7; it must be", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EvictionPolicy.Lru)]
    [InlineData(EvictionPolicy.S3Fifo)]
    public void GetAndSet_InSteadyState_AllocateNothing(EvictionPolicy eviction)
    {
        using var driver = new StoreDriver(memoryLimitBytes: 8 << 20, eviction: eviction);
        byte[] key = new byte[16];
        byte[] value = new byte[100];
        Churn(driver.Store, key, value, 200_000);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Churn(driver.Store, key, value, 200_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Entries_OfAFullStore_AreOffTheManagedHeap()
    {
        const int Budget = 64 << 20;
        long before = GC.GetAllocatedBytesForCurrentThread();

        using var driver = new StoreDriver(memoryLimitBytes: Budget);
        Churn(driver.Store, new byte[16], new byte[1000], 100_000);

        Assert.True(driver.Store.GetStatistics().UsedBytes > Budget * 3 / 4, "The store is not full.");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static void Churn(CacheStore store, byte[] key, byte[] value, int count)
    {
        for (int number = 0; number < count; number++)
        {
            BitConverter.TryWriteBytes(key, number);
            store.Put(0, PutMode.Set, key, value, 0, Expiration.Never, 0, out _);
            var sink = default(LengthSink);
            store.Get(0, key, ref sink);
        }
    }

    private struct LengthSink : IEntrySink
    {
        public int Length { get; private set; }

        public void Accept(in EntryInfo entry, ReadOnlySpan<byte> value) => Length = value.Length;

        public void Accept(in EntryInfo entry, PinnedValue value) => value.Dispose();
    }
}
