using CsCheck;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Namespaces;

/// <summary>
/// Random histories of three kinds of keys in a store that is large enough for all: those of a namespace with a small quota,
/// of one without, and of none. A dictionary says what there must be.
/// </summary>
public sealed class NamespaceModelTests
{
    private const int MaxValueBytes = 200_000; // of segments of 64 KiB: short ones and long ones
    private const int Keys = 120;
    private const ulong Tag = 77;

    private static readonly string[] Prefixes = ["s:", "f:", "other-"];

    // Fourth powers: most values are short, some are long.
    private static readonly Gen<(int Operation, int Key, int Length)[]> Histories = Gen.Select(
        Gen.Int[0, 39],
        Gen.Int[0, (Keys * 3) - 1],
        Gen.Double[0, 1].Select(static share => (int)(share * share * share * share * MaxValueBytes))).Array[500, 1_500];

    [Theory]
    [InlineData(EvictionPolicy.Lru)]
    [InlineData(EvictionPolicy.S3Fifo)]
    public void Namespaces_UnderAnyHistory_KeepTheirQuotaAndTakeNothingFromOthers(EvictionPolicy eviction) =>
        Histories.Sample(history => Run(history, eviction), iter: 10);

    private static void Run((int Operation, int Key, int Length)[] history, EvictionPolicy eviction)
    {
        using var driver = new StoreDriver(
            64 << 20, MaxValueBytes, eviction: eviction, namespaces: Spaces.SmallAndFree);
        var model = new Dictionary<string, (byte[] Value, bool IsTagged)>(StringComparer.Ordinal);
        for (int step = 0; step < history.Length; step++)
        {
            (int operation, int number, int length) = history[step];
            string key = $"{Prefixes[number % 3]}{number}";
            Change(driver, model, operation, key, length, (byte)step);

            NamespaceStatistics small = Spaces.Of(driver, "small");
            Assert.InRange(small.EntryBytes, 0, Spaces.Quota);
            Assert.Equal(model.Keys.Count(static name => name.StartsWith("f:", StringComparison.Ordinal)), Spaces.Of(driver, "free").Entries);
        }

        AssertSame(driver, model);
        foreach (string key in model.Keys)
        {
            driver.Store.Delete(0, StoreDriver.Bytes(key));
        }

        Assert.All(driver.Store.Namespaces.GetStatistics(), static space => Assert.Equal((0, 0), (space.Entries, space.EntryBytes)));
        Assert.Equal(0, driver.Store.GetStatistics().EntryBytes);
    }

    private static void Change(
        StoreDriver driver, Dictionary<string, (byte[] Value, bool IsTagged)> model, int operation, string key, int length, byte fill)
    {
        byte[] value = new byte[length];
        value.AsSpan().Fill(fill);
        switch (operation)
        {
            case 0 when length % 4 == 0:
                driver.Store.Flush(0, 0);
                model.Clear();
                break;
            case 1:
                Spaces.Drop(driver, "f:");
                Forget(model, static pair => pair.Key.StartsWith("f:", StringComparison.Ordinal));
                break;
            case 2:
                Spaces.Drop(driver, "other-1"); // no namespace
                Forget(model, static pair => pair.Key.StartsWith("other-1", StringComparison.Ordinal));
                break;
            case 3 when length % 2 == 0:
                Spaces.Drop(driver, "s:");
                Forget(model, static pair => pair.Key.StartsWith("s:", StringComparison.Ordinal));
                break;
            case 4:
                driver.Store.DropTag(0, Tag);
                Read(driver, model); // they count until they are found
                Forget(model, static pair => pair.Value.IsTagged);
                break;
            case 5:
                driver.Store.Sweep(1_000);
                break;
            case < 10:
                driver.Store.Delete(0, StoreDriver.Bytes(key));
                model.Remove(key);
                break;
            case < 14:
                Append(driver, model, key, value);
                break;
            case < 30:
                bool isTagged = operation < 18;
                ulong[] tags = isTagged ? [Tag] : [];
                Assert.Equal(StoreResult.Success, driver.Put(key, value, new PutOptions { Tags = new EntryTags(tags) }));
                model[key] = (value, isTagged);
                break;
            default:
                driver.Get(key);
                break;
        }
    }

    private static void Append(
        StoreDriver driver, Dictionary<string, (byte[] Value, bool IsTagged)> model, string key, byte[] value)
    {
        if (driver.Put(PutMode.Append, key, value) == StoreResult.Success)
        {
            model[key] = ([.. model[key].Value, .. value], model[key].IsTagged);
        }
    }

    private static void Forget(
        Dictionary<string, (byte[] Value, bool IsTagged)> model, Predicate<KeyValuePair<string, (byte[] Value, bool IsTagged)>> isGone)
    {
        foreach (KeyValuePair<string, (byte[] Value, bool IsTagged)> pair in model.Where(pair => isGone(pair)).ToList())
        {
            model.Remove(pair.Key);
        }
    }

    private static void Read(StoreDriver driver, Dictionary<string, (byte[] Value, bool IsTagged)> model)
    {
        foreach (string key in model.Keys)
        {
            driver.Get(key);
        }
    }

    // Only entries of the namespace with a quota may be missing.
    private static void AssertSame(StoreDriver driver, Dictionary<string, (byte[] Value, bool IsTagged)> model)
    {
        for (int number = 0; number < Keys * 3; number++)
        {
            string key = $"{Prefixes[number % 3]}{number}";
            byte[]? found = driver.Read(key).Value;
            byte[]? expected = model.TryGetValue(key, out (byte[] Value, bool IsTagged) item) ? item.Value : null;
            Assert.True(
                found is null ? expected is null || key.StartsWith("s:", StringComparison.Ordinal) : found.AsSpan().SequenceEqual(expected),
                $"'{key}' is not what was stored last.");
        }
    }
}
