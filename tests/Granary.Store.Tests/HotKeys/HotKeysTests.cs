using System.Text;
using Granary.Store.Entries;
using Granary.Store.HotKeys;
using Granary.Store.Tests.Copies;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.HotKeys;

/// <summary>The keys used most, with every operation looked at: what is counted, and for how long.</summary>
public sealed class HotKeysTests : IDisposable
{
    private const int LongBytes = 100_000; // more than half a segment

    private readonly StoreDriver _driver = new(samplePeriod: 1);

    // What is done to the key "key" of a store that has it, and whether it is a write.
    private static readonly Dictionary<string, (Action<StoreDriver> Do, bool IsWrite)> Kinds = new(StringComparer.Ordinal)
    {
        ["get"] = (driver => driver.Get("key"), false),
        ["get and touch"] = (driver => driver.GetAndTouch("key", Expiration.AfterMilliseconds(9)), false),
        ["touch"] = (driver => driver.Store.Touch(0, "key"u8, Expiration.AfterMilliseconds(9)), false),
        ["set"] = (driver => driver.Set("key", "1"), true),
        ["add"] = (driver => driver.Put(PutMode.Add, "key", [1]), true),
        ["cas"] = (driver => driver.Put(PutMode.CompareAndSet, "key", [1], compare: 1), true),
        ["append"] = (driver => driver.Put(PutMode.Append, "key", [1]), true),
        ["set long"] = (driver => driver.Put(PutMode.Set, "key", new byte[LongBytes]), true),
        ["append long"] = (driver => driver.Put(PutMode.Append, "key", new byte[LongBytes]), true),
        ["stage"] = (driver => Stage(driver, PutMode.Set), true),
        ["stage and append"] = (driver => Stage(driver, PutMode.Append), true),
        ["increment"] = (driver => driver.Store.Increment(0, "key"u8, 1, false, out _, out _), true),
        ["delete"] = (driver => driver.Store.Delete(0, "key"u8), true),
    };

    public static TheoryData<string> KindNames => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(KindNames))]
    public void Operation_OfAnyKind_IsCountedOnceWhateverComesOfIt(string kind)
    {
        (Action<StoreDriver> operate, bool isWrite) = Kinds[kind];
        _driver.Set("key", "1");
        HotKeyReport before = _driver.Store.GetHotKeys(1);

        operate(_driver); // finds it
        _driver.Store.Delete(0, "key"u8);
        operate(_driver); // does not

        HotKeyReport report = _driver.Store.GetHotKeys(10);
        HotKey key = Assert.Single(report.Keys);
        Assert.Equal(before.OperationsPerSecond + 3, report.OperationsPerSecond);
        Assert.Equal(isWrite ? 0 : 2, key.ReadsPerSecond);
        Assert.Equal(isWrite ? 4 : 2, key.WritesPerSecond);
        Assert.Equal("key"u8, key.Key.Span);
    }

    [Theory]
    [MemberData(nameof(KindNames))]
    public void Operation_OnAShardThatIsNotOpen_IsNotCounted(string kind)
    {
        _driver.Store.Close(0);
        Kinds[kind].Do(_driver);
        _driver.Store.Open(0);
        _driver.Store.Suspend(true);
        Kinds[kind].Do(_driver);

        Assert.Equal(0, _driver.Store.GetHotKeys(10).OperationsPerSecond);
    }

    [Fact]
    public void Put_ThatHasToMakeRoom_IsCountedOnce()
    {
        const int Puts = 20_000;
        using var driver = new StoreDriver(memoryLimitBytes: 8 << 20, samplePeriod: 1);

        for (int number = 0; number < Puts; number++)
        {
            Assert.Equal(StoreResult.Success, driver.Put(PutMode.Set, $"key-{number}", new byte[1_900]));
        }

        Assert.True(driver.Store.GetStatistics().Evictions > 0);
        Assert.Equal(Puts, driver.Store.GetHotKeys(0).OperationsPerSecond);
    }

    [Fact]
    public void Copy_ThatIsApplied_IsNotCounted()
    {
        _driver.Set("key", "value");
        using var copy = new CopyDriver(_driver);
        copy.Drain();
        HotKeyReport source = _driver.Store.GetHotKeys(10);

        Assert.Equal(1, source.OperationsPerSecond);
        Assert.Equal(0, copy.Target.Store.GetHotKeys(10).OperationsPerSecond);
    }

    [Fact]
    public void GetHotKeys_OfFewKeys_IsExact()
    {
        using var driver = new StoreDriver(shardCount: 3, samplePeriod: 1);
        for (int key = 1; key <= 200; key++)
        {
            Use(driver.Store, shard: key % 3, $"key-{key}", reads: key, writes: key % 7);
        }

        driver.Time.Advance(TimeSpan.FromSeconds(4));
        HotKeyReport report = driver.Store.GetHotKeys(200);

        Assert.Equal(TimeSpan.FromSeconds(4), report.Window);
        Assert.Equal(0, report.MissingPerSecond);
        Assert.Equal(Enumerable.Range(1, 200).Sum(key => key + (key % 7)) / 4.0, report.OperationsPerSecond);
        Assert.Equal(200, report.Keys.Count);
        Assert.Equal(report.Keys.OrderByDescending(key => key.OperationsPerSecond), report.Keys);
        Assert.All(report.Keys, key =>
        {
            int number = int.Parse(Encoding.UTF8.GetString(key.Key.Span)[4..], null);
            Assert.Equal(number / 4.0, key.ReadsPerSecond);
            Assert.Equal(number % 7 / 4.0, key.WritesPerSecond);
            Assert.Equal(number % 3, key.Shard);
        });
        Assert.Equal(report.Keys[0].Key.Span, driver.Store.GetHotKeys(1).Keys[0].Key.Span);
    }

    // From the second on when it was made: 0 s is taken for 1 s, then the last window counts until the next one is over.
    [Theory]
    [InlineData(0, 1, 60)]
    [InlineData(3, 3, 60)]
    [InlineData(9, 9, 60)]
    [InlineData(10, 10, 60)]
    [InlineData(19, 19, 60)]
    [InlineData(20, 10, 0)]
    [InlineData(25, 15, 0)]
    [InlineData(3_600, 10, 0)]
    public void GetHotKeys_SomeTimeAfterUse_TellsOf10To20Seconds(int seconds, int windowSeconds, int uses)
    {
        Use(_driver.Store, 0, "key", reads: uses, writes: 0);
        Use(_driver.Store, 0, "key", reads: 0, writes: uses == 0 ? 60 : 0);

        _driver.Time.Advance(TimeSpan.FromSeconds(seconds));
        HotKeyReport report = _driver.Store.GetHotKeys(10);

        Assert.Equal(TimeSpan.FromSeconds(windowSeconds), report.Window);
        Assert.Equal((double)uses / windowSeconds, report.OperationsPerSecond, 1e-9);
        Assert.Equal(uses > 0 ? 1 : 0, report.Keys.Count);
    }

    [Fact]
    public void GetHotKeys_OfUsesInTwoWindows_AddsThemUp()
    {
        Use(_driver.Store, 0, "both", reads: 5, writes: 1);
        Use(_driver.Store, 0, "first", reads: 2, writes: 0);
        _driver.Time.Advance(TimeSpan.FromSeconds(12));
        Use(_driver.Store, 0, "both", reads: 10, writes: 0);
        Use(_driver.Store, 0, "second", reads: 0, writes: 4);
        _driver.Time.Advance(TimeSpan.FromSeconds(4));

        HotKeyReport both = _driver.Store.GetHotKeys(10);
        _driver.Time.Advance(TimeSpan.FromSeconds(4));
        HotKeyReport second = _driver.Store.GetHotKeys(10);

        Assert.Equal(
            [("both", 15 / 16.0, 1 / 16.0), ("second", 0, 4 / 16.0), ("first", 2 / 16.0, 0)], both.Keys.Select(Display));
        Assert.Equal(22 / 16.0, both.OperationsPerSecond);
        Assert.Equal([("both", 1, 0), ("second", 0, 0.4)], second.Keys.Select(Display));
    }

    [Fact]
    public void GetHotKeys_OfManyKeys_SaysWhatMayBeMissing()
    {
        for (int number = 0; number < 2_560; number++)
        {
            Use(_driver.Store, 0, $"key-{number}", reads: 1, writes: 0);
        }

        HotKeyReport report = _driver.Store.GetHotKeys(1_000);

        Assert.Equal(KeyUses.Capacity, report.Keys.Count);
        Assert.Equal(2_560, report.OperationsPerSecond);
        Assert.Equal(10, report.MissingPerSecond);
        Assert.All(report.Keys, key => Assert.Equal(1, key.OperationsPerSecond)); // none is hot
    }

    [Fact]
    public void GetHotKeys_OfANegativeNumber_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _driver.Store.GetHotKeys(-1));

    public void Dispose() => _driver.Dispose();

    private static (string Key, double Reads, double Writes) Display(HotKey key) =>
        (Encoding.UTF8.GetString(key.Key.Span), key.ReadsPerSecond, key.WritesPerSecond);

    private static void Use(CacheStore store, int shard, string key, int reads, int writes)
    {
        byte[] bytes = StoreDriver.Bytes(key);
        for (int read = 0; read < reads; read++)
        {
            var sink = default(ValueSink);
            store.Get(shard, bytes, ref sink);
        }

        for (int write = 0; write < writes; write++)
        {
            store.Put(shard, PutMode.Set, bytes, [], 0, Expiration.Never, 0, out _);
        }
    }

    private static void Stage(StoreDriver driver, PutMode mode)
    {
        using StagedValue staged = driver.Store.Stage("key"u8, LongBytes, default);
        Assert.True(staged.TryWrite(new byte[LongBytes]));
        driver.Store.Commit(0, staged, new PutOptions { Mode = mode }, out _);
    }
}
