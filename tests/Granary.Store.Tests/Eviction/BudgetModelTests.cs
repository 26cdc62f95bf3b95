using CsCheck;
using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Eviction;

/// <summary>Random histories of a store that is much too small for them, beside what was stored last under each key.</summary>
public sealed class BudgetModelTests
{
    private const int MaxValueBytes = 200_000; // of segments of 64 KiB: short ones and long ones
    private const int Keys = 200;

    // Fourth powers: most values are short, some are long.
    private static readonly Gen<(int Operation, int Key, int Length)[]> Histories = Gen.Select(
        Gen.Int[0, 9],
        Gen.Int[0, Keys - 1],
        Gen.Double[0, 1].Select(static share => (int)(share * share * share * share * MaxValueBytes))).Array[500, 1_500];

    [Theory]
    [InlineData(EvictionPolicy.Lru)]
    [InlineData(EvictionPolicy.S3Fifo)]
    public void Store_UnderAnyHistory_StaysWithinItsBudgetAndAnswersWithNothingElse(EvictionPolicy eviction) =>
        Histories.Sample(history => Run(history, eviction), iter: 20);

    private static void Run((int Operation, int Key, int Length)[] history, EvictionPolicy eviction)
    {
        using var driver = new StoreDriver(StoreOptions.SmallestMemoryLimitBytes, MaxValueBytes, eviction: eviction);
        var model = new Dictionary<int, byte[]>();
        for (int step = 0; step < history.Length; step++)
        {
            (int operation, int number, int length) = history[step];
            string key = $"key-{number}";
            switch (operation)
            {
                case < 5:
                    byte[] value = new byte[length];
                    value.AsSpan().Fill((byte)step);
                    Assert.Equal(StoreResult.Success, driver.Put(PutMode.Set, key, value));
                    model[number] = value;
                    break;
                case 5:
                    driver.Store.Delete(0, StoreDriver.Bytes(key));
                    model.Remove(number);
                    break;
                default:
                    Assert.True(driver.Read(key).Value is not { } found || found.AsSpan().SequenceEqual(model[number]));
                    break;
            }

            StoreStatistics statistics = driver.Store.GetStatistics();
            Assert.InRange(statistics.UsedBytes, 0, statistics.BudgetBytes);
            Assert.InRange(statistics.EntryBytes, 0, statistics.UsedBytes);
            Assert.InRange(statistics.Entries, 0, model.Count);
        }

        driver.Store.Clear(0);
        Assert.Equal(0, driver.Store.GetStatistics().EntryBytes);
    }
}
