using System.Globalization;
using System.Text;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Entries;

public sealed class KeyScanTests
{
    [Fact]
    public void Scan_OfNoEntries_HasOnePage()
    {
        using var driver = new StoreDriver();

        Assert.Empty(Scan(driver, ""));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(100_000)]
    public void Scan_FindsEachKeyOnce(int maxEntries)
    {
        using var driver = new StoreDriver();
        string[] keys = Keys("key:", 0, 5000);
        Array.ForEach(keys, key => driver.Set(key, "value"));

        Assert.Equal(keys, Scan(driver, "", maxEntries: maxEntries).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void Scan_ByPrefix_FindsThoseThatBeginWithIt()
    {
        using var driver = new StoreDriver();
        Array.ForEach(Keys("user:", 0, 100), key => driver.Set(key, "value"));
        Array.ForEach(Keys("use", 0, 100), key => driver.Set(key, "value"));
        driver.Set("user:", "value");

        Assert.Equal(["user:", .. Keys("user:", 0, 100)], Scan(driver, "user:").Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void Scan_FindsNothingThatIsGone()
    {
        using var driver = new StoreDriver();
        driver.Set("expired", "value", expiration: Expiration.AfterMilliseconds(1000));
        driver.Set("deleted", "value");
        driver.Store.Delete(0, "deleted"u8);
        driver.Time.Advance(TimeSpan.FromSeconds(1));
        driver.Set("there", "value", expiration: Expiration.AfterMilliseconds(1000));

        Assert.Equal(["there"], Scan(driver, ""));

        driver.Store.Flush(0, 0);
        Assert.Empty(Scan(driver, ""));
    }

    [Fact]
    public void Scan_OfAShardThatIsNotOpen_SaysSo()
    {
        using var driver = new StoreDriver(isOpen: false);
        var position = default(ScanPosition);

        Assert.Equal(StoreResult.NotOpen, driver.Store.Scan(0, default, ref position, 100, []));
    }

    [Fact]
    public void Scan_FromAPositionOfAnotherStore_BeginsAnew()
    {
        using var one = new StoreDriver();
        using var two = new StoreDriver(hashSeed: 43);
        string[] keys = Keys("key:", 0, 1000);
        Array.ForEach(keys, key => one.Set(key, "value"));
        Array.ForEach(keys, key => two.Set(key, "value"));
        var position = default(ScanPosition);
        one.Store.Scan(0, default, ref position, 500, []);

        Assert.Equal(keys, Scan(two, "", position).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.True(Scan(one, "", position).Count < keys.Length);
    }

    // The index doubles and halves many times meanwhile: from a bucket to 50,000 entries and back.
    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 500)]
    [InlineData(3, 5000)]
    public void Scan_WhileTheIndexGrowsAndShrinks_FindsEachKeyThatStaysOnce(int seed, int stays)
    {
        var random = new Random(seed);
        using var driver = new StoreDriver(memoryLimitBytes: 64 << 20);
        string[] keys = Keys("stays:", 0, stays);
        Array.ForEach(keys, key => driver.Set(key, "value"));
        int others = 0;
        var found = new List<string>();
        var position = default(ScanPosition);
        while (!position.IsEnd)
        {
            found.AddRange(Page(driver, "stays:", ref position, maxEntries: 1 + random.Next(stays)));
            int target = random.Next(2) * random.Next(50_000);
            for (; others < target; others++)
            {
                driver.Set(Other(others), "");
            }

            for (; others > target; others--)
            {
                driver.Store.Delete(0, StoreDriver.Bytes(Other(others - 1)));
            }
        }

        Assert.Equal(keys, found.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static string Other(int number) => string.Create(CultureInfo.InvariantCulture, $"other:{number}");

    private static string[] Keys(string prefix, int from, int count) =>
        [.. Enumerable.Range(from, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"{prefix}{number:d6}"))];

    private static List<string> Scan(
        StoreDriver driver, string prefix, ScanPosition position = default, int maxEntries = 100)
    {
        var keys = new List<string>();
        while (!position.IsEnd)
        {
            keys.AddRange(Page(driver, prefix, ref position, maxEntries));
        }

        return keys;
    }

    private static IEnumerable<string> Page(StoreDriver driver, string prefix, ref ScanPosition position, int maxEntries)
    {
        var keys = new List<byte[]>();
        Assert.Equal(
            StoreResult.Success, driver.Store.Scan(0, StoreDriver.Bytes(prefix), ref position, maxEntries, keys));
        return keys.Select(Encoding.UTF8.GetString);
    }
}
