using System.Text;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Copies;

/// <summary>Random histories on one store, fed to two others: in the end all three answer the same.</summary>
public sealed class FeedModelTests
{
    private const int MaxValueBytes = 300_000;
    private const int Keys = 400;
    private const int Operations = 6_000;
    private const int Tags = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Copies_OfARandomHistory_AnswerAsTheirSource(int seed)
    {
        var random = new Random(seed);
        using var source = new StoreDriver(
            memoryLimitBytes: 256 << 20,
            maxValueBytes: MaxValueBytes,
            namespaces: [new StoreNamespace("ones", StoreDriver.Bytes("key-1"), StoreNamespace.SmallestQuotaBytes)]);
        using var small = new CopyDriver(source, 256 << 20, maxFrameBytes: 5000);
        using CopyDriver large = OpenLater(source, random);

        for (int operation = 0; operation < Operations; operation++)
        {
            Change(source, random);
            Pump(small, large, random);
        }

        ReadAll(source); // so that it knows what has expired: copies keep what has a window a little longer
        small.Drain(4096 + random.Next(100_000));
        large.Drain(4096 + random.Next(600_000));
        AssertSame(source, small);
        AssertSame(source, large);
        Assert.Equal(0, small.Dropped + large.Dropped + small.Feed.Restarts + large.Feed.Restarts);
    }

    // Its segments are of another size, so that what is chained in one is in one piece in the other.
    private static CopyDriver OpenLater(StoreDriver source, Random random)
    {
        for (int operation = 0; operation < Operations / 4; operation++)
        {
            Change(source, random);
        }

        return new CopyDriver(source, 1 << 30, hashSeed: 99);
    }

    private static void Pump(CopyDriver small, CopyDriver large, Random random)
    {
        if (random.Next(3) == 0)
        {
            small.Step();
        }

        if (random.Next(40) == 0)
        {
            large.Step(4096 + random.Next(200_000));
        }
    }

    private static void Change(StoreDriver source, Random random)
    {
        string key = $"key-{random.Next(Keys)}";
        switch (random.Next(16))
        {
            case 0:
                source.Time.Advance(TimeSpan.FromMilliseconds(random.Next(200)));
                break;
            case 1:
                source.Store.Sweep(100);
                break;
            case 2 or 3:
                source.Store.Delete(0, StoreDriver.Bytes(key));
                break;
            case 4:
                source.Store.Touch(0, StoreDriver.Bytes(key), RandomExpiration(source, random) with { Window = 0 });
                break;
            case 5:
                source.GetAndTouch(key, RandomExpiration(source, random) with { Window = 0 });
                break;
            case 6 when random.Next(200) == 0:
                source.Store.Flush(0, source.Now + random.Next(-500, 500));
                break;
            case 6 when random.Next(20) == 0:
                source.Store.DropTag(0, (ulong)random.Next(Tags));
                break;
            case 6 when random.Next(20) == 0:
                source.Store.Namespaces.Drop(0, random.Next(2) == 0 ? "key-1"u8 : "key-2"u8); // one, and what is none
                break;
            case 6 or 7:
                source.Store.Increment(
                    0, StoreDriver.Bytes(key), (ulong)random.Next(200), random.Next(2) == 0, out _, out _);
                break;
            case 8:
                source.Get(key);
                break;
            case 9:
                Mark(source, random, key);
                break;
            default:
                Put(source, random, key);
                break;
        }
    }

    private static void Mark(StoreDriver source, Random random, string key)
    {
        bool isNewCas = random.Next(2) == 0;
        var options = new DeleteOptions
        {
            MarksStale = true,
            NewCas = isNewCas ? (ulong)random.Next(1, 1000) : 0,
            DropsValue = random.Next(4) == 0,
            Touch = random.Next(2) == 0 ? RandomExpiration(source, random) with { Window = 0 } : null,
        };
        source.Store.Delete(0, StoreDriver.Bytes(key), options);
        if (random.Next(2) == 0)
        {
            var sink = new DetailSink();
            source.Store.Read(0, StoreDriver.Bytes(key), default, ref sink);
        }
    }

    private static EntryMarks MarksOf(StoreDriver driver, string key)
    {
        var sink = new DetailSink();
        driver.Store.Read(0, StoreDriver.Bytes(key), new ReadOptions { IsNoUse = true }, ref sink);
        return sink.Details.Marks & (EntryMarks.Stale | EntryMarks.BinaryKey); // the token is given out by this
    }

    private static void ReadAll(StoreDriver source)
    {
        for (int number = 0; number < Keys; number++)
        {
            source.Get($"key-{number}");
        }
    }

    private static void Put(StoreDriver source, Random random, string key)
    {
        PutMode mode = random.Next(2) == 0 ? PutMode.Set : (PutMode)random.Next(6);
        ulong compare = mode == PutMode.CompareAndSet ? source.Read(key).Entry.Cas : 0;
        source.Put(key, RandomValue(random), new PutOptions
        {
            Mode = mode,
            Flags = random.Next(2) == 0 ? 0 : (uint)random.Next(),
            Expiration = RandomExpiration(source, random),
            Compare = compare,
            Tags = new EntryTags(random.Next(2) == 0 ? default : new ulong[] { (ulong)random.Next(Tags), (ulong)random.Next(Tags) }),
        });
    }

    private static byte[] RandomValue(Random random)
    {
        int kind = random.Next(200);
        if (kind < 50)
        {
            return Encoding.UTF8.GetBytes($"{random.NextInt64(1_000_000)}");
        }

        int length = kind switch
        {
            < 180 => random.Next(200),
            < 190 => random.Next(20_000),
            _ => random.Next(MaxValueBytes),
        };
        byte[] value = new byte[length];
        random.NextBytes(value);
        return value;
    }

    private static Expiration RandomExpiration(StoreDriver source, Random random) => random.Next(10) switch
    {
        8 => Expiration.Never.Sliding(random.Next(1, 60_000)),
        9 => Expiration.AfterMilliseconds(random.Next(1, 90_000)).Sliding(random.Next(1, 60_000)),
        0 => Expiration.AfterMilliseconds(random.Next(1, 30_000)),
        1 => Expiration.AtUnixMilliseconds(source.Now + random.Next(-100, 30_000)),
        2 => Expiration.Immediately,
        _ => Expiration.Never,
    };

    private static void AssertSame(StoreDriver source, CopyDriver copy)
    {
        copy.Target.Store.Open(0);
        for (int number = 0; number < Keys; number++)
        {
            (byte[]? value, EntryInfo entry) = source.Read($"key-{number}");
            (byte[]? copied, EntryInfo copiedEntry) = copy.Target.Read($"key-{number}");

            Assert.Equal(value, copied);
            Assert.Equal(entry, copiedEntry);
            Assert.Equal(MarksOf(source, $"key-{number}"), MarksOf(copy.Target, $"key-{number}"));
        }

        // What has expired counts until it is found, and so may differ; all keys have been asked for.
        Assert.Equal(source.Store.GetStatistics().Entries, copy.Target.Store.GetStatistics().Entries);
        ulong last = source.LastCas;
        copy.Target.Set("next", "value");
        Assert.True(copy.Target.LastCas > last);
    }
}
