using System.Text;
using Granary.Store.Entries;

namespace Granary.Store.Tests.Model;

public sealed class StoreModelTests
{
    private const int MaxValueBytes = 200_000;
    private const int Keys = 60;
    private const int Operations = 20_000;
    private const int Tags = 12;

    [Theory]
    [InlineData(1, EvictionPolicy.Lru)]
    [InlineData(2, EvictionPolicy.Lru)]
    [InlineData(3, EvictionPolicy.Lru)]
    [InlineData(4, EvictionPolicy.Lru)]
    [InlineData(1, EvictionPolicy.S3Fifo)]
    [InlineData(2, EvictionPolicy.S3Fifo)]
    public void Store_AfterRandomOperations_AgreesWithTheModel(int seed, EvictionPolicy eviction)
    {
        using var driver = new StoreDriver(64 << 20, MaxValueBytes, eviction: eviction);
        var model = new StoreModel(() => driver.Now, MaxValueBytes);
        var random = new Random(seed);

        for (int operation = 0; operation < Operations; operation++)
        {
            Step(driver, model, random, operation);
        }

        for (int number = 0; number < Keys; number++)
        {
            CompareRead(driver, model, $"key-{number}");
        }
    }

    private static void Step(StoreDriver driver, StoreModel model, Random random, int operation)
    {
        string key = $"key-{random.Next(Keys)}";
        switch (random.Next(12))
        {
            case 0:
                driver.Time.Advance(TimeSpan.FromMilliseconds(random.Next(2000)));
                break;
            case 1:
                driver.Store.Sweep(100);
                break;
            case 2:
                Assert.Equal(model.Delete(key), driver.Store.Delete(0, StoreDriver.Bytes(key)));
                break;
            case 3:
                Expiration expiration = RandomExpiration(driver, random) with { Window = 0 };
                Assert.Equal(model.Touch(key, expiration), driver.Store.Touch(0, StoreDriver.Bytes(key), expiration));
                break;
            case 4 or 5:
                Count(driver, model, random, key);
                break;
            case 6 when random.Next(200) == 0:
                long at = random.Next(2) == 0 ? 0 : driver.Now + random.Next(5000);
                model.Flush(at);
                driver.Store.Flush(0, at);
                break;
            case 6 when random.Next(20) == 0:
                ulong tag = (ulong)random.Next(Tags);
                model.DropTag(tag);
                driver.Store.DropTag(0, tag);
                break;
            case 7 or 8:
                CompareRead(driver, model, key);
                break;
            default:
                Put(driver, model, random, key, operation);
                break;
        }
    }

    private static void Count(StoreDriver driver, StoreModel model, Random random, string key)
    {
        ulong delta = random.Next(8) == 0 ? ulong.MaxValue : (ulong)random.Next(200);
        bool negative = random.Next(2) == 0;

        StoreResult expected = model.Increment(key, delta, negative, out ulong expectedNumber);
        StoreResult actual =
            driver.Store.Increment(0, StoreDriver.Bytes(key), delta, negative, out ulong number, out ulong cas);

        Assert.Equal(expected, actual);
        if (actual == StoreResult.Success)
        {
            Assert.Equal(expectedNumber, number);
            model.NoteCas(key, cas);
        }
    }

    private static void Put(StoreDriver driver, StoreModel model, Random random, string key, int operation)
    {
        var mode = (PutMode)random.Next(6);
        byte[] value = RandomValue(random, operation);
        uint flags = random.Next(2) == 0 ? 0 : (uint)random.Next();
        Expiration expiration = RandomExpiration(driver, random);
        ulong compare = random.Next(2) == 0 ? 7 : model.Find(key)?.Cas ?? 7;

        ulong[] tags = [.. Enumerable.Range(0, random.Next(2) * random.Next(4)).Select(_ => (ulong)random.Next(Tags))];
        var options = new PutOptions
        {
            Mode = mode,
            Flags = flags,
            Expiration = expiration,
            Compare = mode == PutMode.CompareAndSet ? compare : 0,
            Tags = new EntryTags(tags),
        };

        StoreResult expected = model.Put(mode, key, value, flags, expiration, compare, tags);
        StoreResult actual = driver.Put(key, value, options);

        Assert.Equal(expected, actual);
        if (actual == StoreResult.Success)
        {
            model.NoteCas(key, driver.LastCas);
        }
    }

    private static void CompareRead(StoreDriver driver, StoreModel model, string key)
    {
        StoreModel.Item? expected = model.Read(key);
        (byte[]? value, EntryInfo entry) = driver.Read(key);

        Assert.Equal(expected?.Value, value);
        if (expected is not null)
        {
            Assert.Equal(expected.Flags, entry.Flags);
            Assert.Equal(expected.Cas, entry.Cas);
            Assert.Equal(expected.ExpiresAt, entry.ExpiresAt);
        }
    }

    private static byte[] RandomValue(Random random, int operation)
    {
        int kind = random.Next(20);
        if (kind < 6)
        {
            return Encoding.UTF8.GetBytes(random.NextInt64(1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        byte[] value = new byte[kind < 16 ? random.Next(200) : random.Next(MaxValueBytes + 1000)];
        value.AsSpan().Fill((byte)('a' + (operation % 26))); // never a number: long ones are none to the store
        return value;
    }

    private static Expiration RandomExpiration(StoreDriver driver, Random random) => random.Next(10) switch
    {
        8 => Expiration.Never.Sliding(random.Next(1, 6000)),
        9 => Expiration.AfterMilliseconds(random.Next(1, 9000)).Sliding(random.Next(1, 6000)),
        0 => Expiration.AfterMilliseconds(random.Next(1, 3000)),
        1 => Expiration.AtUnixMilliseconds(driver.Now + random.Next(-100, 3000)),
        2 => Expiration.Immediately,
        _ => Expiration.Never,
    };
}
