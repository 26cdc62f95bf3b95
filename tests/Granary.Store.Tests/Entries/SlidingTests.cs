using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Entries;

/// <summary>Entries that expire when they have not been read for a while.</summary>
public sealed class SlidingTests : IDisposable
{
    private const int Window = 1000;
    private const int LongBytes = 500_000; // over half a segment
    private const int Others = 200;

    // A lane, because a thread that is moved to another processor fills another lane's segment, and does not seal the first.
    private readonly StoreDriver _driver = new(laneCount: 1);

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Read_BeforeTheWindowHasPassed_BeginsItAnew(int length)
    {
        Set(length, Expiration.Never.Sliding(Window));

        for (int read = 0; read < 5; read++)
        {
            Advance(Window - 1);
            Assert.Equal(_driver.Now + Window, _driver.Read("key").Entry.ExpiresAt);
        }

        Advance(Window);
        Assert.Null(_driver.Read("key").Value);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(LongBytes)]
    public void Read_NearTheEnd_DoesNotGoBeyondIt(int length)
    {
        Set(length, Expiration.AfterMilliseconds(2500).Sliding(Window));
        long latest = _driver.Now + 2500;

        Advance(900);
        Assert.Equal(_driver.Now + Window, _driver.Read("key").Entry.ExpiresAt);
        Advance(900);
        Assert.Equal(latest, _driver.Read("key").Entry.ExpiresAt);
        Advance(699);
        Assert.NotNull(_driver.Read("key").Value);
        Advance(1);
        Assert.Null(_driver.Read("key").Value);
    }

    [Fact]
    public void Window_LongerThanItsEnd_EndsThere()
    {
        Set(5, Expiration.AfterMilliseconds(Window).Sliding(Window + 1));

        Advance(Window - 1);
        Assert.NotNull(_driver.Read("key").Value);
        Advance(1);
        Assert.Null(_driver.Read("key").Value);
    }

    [Fact]
    public void Window_OfAThousandDays_IsKept()
    {
        long window = (long)TimeSpan.FromDays(1000).TotalMilliseconds;
        Set(5, Expiration.AfterMilliseconds(3 * window).Sliding(window));

        _driver.Time.Advance(TimeSpan.FromDays(999));
        Assert.Equal(_driver.Now + window, _driver.Read("key").Entry.ExpiresAt);
        _driver.Time.Advance(TimeSpan.FromDays(1000));
        Assert.Null(_driver.Read("key").Value);
    }

    [Fact]
    public void Window_BeyondAllBounds_IsAsGoodAsNever()
    {
        Set(5, Expiration.Never.Sliding(long.MaxValue));

        _driver.Time.Advance(TimeSpan.FromDays(100_000));

        Assert.NotNull(_driver.Read("key").Value);
    }

    [Theory]
    [InlineData("touch")]
    [InlineData("get and touch")]
    [InlineData("set")]
    [InlineData("replace")]
    public void Expiration_ThatIsGivenAnew_EndsTheWindow(string kind)
    {
        Set(5, Expiration.Never.Sliding(Window));
        Expiration fixedTime = Expiration.AfterMilliseconds(Window);

        _ = kind switch
        {
            "touch" => _driver.Store.Touch(0, "key"u8, fixedTime),
            "get and touch" => _driver.GetAndTouch("key", fixedTime) is null ? StoreResult.NotFound : StoreResult.Success,
            "set" => _driver.Set("key", "other", expiration: fixedTime),
            _ => _driver.Put(PutMode.Replace, "key", new byte[5], expiration: fixedTime),
        };
        Advance(Window - 1);
        Assert.NotNull(_driver.Get("key"));
        Advance(1);

        Assert.Null(_driver.Get("key"));
    }

    [Fact]
    public void Touch_OfALongValueThatHasAWindow_EndsIt()
    {
        Set(LongBytes, Expiration.Never.Sliding(Window));

        _driver.Store.Touch(0, "key"u8, Expiration.Never);
        Advance(10 * Window);

        Assert.Equal(0, _driver.Read("key").Entry.ExpiresAt);
    }

    [Theory]
    [InlineData("append")]
    [InlineData("prepend")]
    [InlineData("append much")]
    [InlineData("increment")]
    [InlineData("increment to more digits")]
    public void Change_OfTheValue_BeginsTheWindowAnew(string kind)
    {
        _driver.Set("key", "98", flags: 7, Expiration.Never.Sliding(Window));
        Advance(Window - 1);

        StoreResult result = kind switch
        {
            "append" => _driver.Put(PutMode.Append, "key", [1]),
            "prepend" => _driver.Put(PutMode.Prepend, "key", [1]),
            "append much" => _driver.Put(PutMode.Append, "key", new byte[LongBytes]),
            "increment" => _driver.Store.Increment(0, "key"u8, 1, false, out _, out _),
            _ => _driver.Store.Increment(0, "key"u8, 10, false, out _, out _),
        };
        Advance(Window - 1);
        (byte[]? value, EntryInfo entry) = _driver.Read("key");

        Assert.Equal(StoreResult.Success, result);
        Assert.NotNull(value);
        Assert.Equal(7u, entry.Flags);
        Assert.Equal(_driver.Now + Window, entry.ExpiresAt); // and it is still there
        Advance(Window);
        Assert.Null(_driver.Read("key").Value);
    }

    [Fact]
    public void Touch_WithAWindow_Throws()
    {
        Assert.Throws<ArgumentException>(() => _driver.Store.Touch(0, "key"u8, Expiration.Never.Sliding(1)));
        Assert.Throws<ArgumentException>(() => _driver.GetAndTouch("key", Expiration.Never.Sliding(1)));
    }

    [Fact]
    public void Sweep_TakesOnlyWhatWasNotRead()
    {
        for (int number = 0; number < 1000; number++)
        {
            _driver.Set($"key-{number}", "value", expiration: Expiration.Never.Sliding(Window));
        }

        for (int number = 0; number < Others; number++)
        {
            _driver.Set($"other-{number}", new string('x', 1000)); // so that the others' segments are sealed
        }

        Advance(Window / 2);
        for (int number = 0; number < 500; number++)
        {
            _driver.Get($"key-{number}");
        }

        Advance(Window / 2);
        SweepAll();
        Assert.Equal(500 + Others, _driver.Store.GetStatistics().Entries);
        Advance(Window / 2);
        SweepAll();

        Assert.Equal(Others, _driver.Store.GetStatistics().Entries);
    }

    [Fact]
    public void Eviction_OfWhatIsReadAllTheTime_KeepsItsWindow()
    {
        using var driver = new StoreDriver(memoryLimitBytes: StoreOptions.SmallestMemoryLimitBytes);
        driver.Set("key", "value", flags: 3, Expiration.Never.Sliding(Window));
        for (int number = 0; number < 60_000; number++) // several times the budget
        {
            driver.Set($"other-{number}", new string('x', 1000));
            if (number % 100 == 0)
            {
                Assert.Equal("value", driver.Get("key"));
            }
        }

        driver.Time.Advance(TimeSpan.FromMilliseconds(Window - 1));
        Assert.Equal((3u, driver.Now + Window), (driver.Read("key").Entry.Flags, driver.Read("key").Entry.ExpiresAt));
        driver.Time.Advance(TimeSpan.FromMilliseconds(Window));
        Assert.Null(driver.Get("key"));
    }

    [Fact]
    public void Entry_WithoutAWindow_TakesTheBytesOfBefore()
    {
        _driver.Set("12345678", "12345678");
        long plain = _driver.Store.GetStatistics().EntryBytes;
        _driver.Set("12345678", "12345678", expiration: Expiration.AfterMilliseconds(1));
        long expiring = _driver.Store.GetStatistics().EntryBytes;
        _driver.Set("12345678", "12345678", expiration: Expiration.AfterMilliseconds(1).Sliding(1));
        long sliding = _driver.Store.GetStatistics().EntryBytes;

        Assert.Equal((24 + 16, 24 + 8 + 16, 24 + 8 + 16 + 16), (plain, expiring, sliding));
    }

    [Fact]
    public void Changes_OfReads_AreEightInAWindow()
    {
        Set(5, Expiration.Never.Sliding(Window));
        long before = _driver.Store.ChangesOf(0);

        for (int read = 0; read < 10 * Window; read++)
        {
            Advance(1);
            _driver.Get("key");
        }

        Assert.Equal(before + 80, _driver.Store.ChangesOf(0));
    }

    public void Dispose() => _driver.Dispose();

    private void Set(int length, Expiration expiration) =>
        Assert.Equal(StoreResult.Success, _driver.Put(PutMode.Set, "key", new byte[length], expiration: expiration));

    private void Advance(int milliseconds) => _driver.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private void SweepAll()
    {
        while (_driver.Store.Sweep(1000) > 0)
        {
        }
    }
}
