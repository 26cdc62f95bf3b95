using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Eviction;

/// <summary>A budget that changes while the store is used.</summary>
public sealed class StoreBudgetTests
{
    private const long Smallest = StoreOptions.SmallestMemoryLimitBytes;
    private const int ValueBytes = 1000;

    private static readonly string Value = new('x', ValueBytes);

    [Theory]
    [InlineData(EvictionPolicy.Lru)]
    [InlineData(EvictionPolicy.S3Fifo)]
    public void Shrink_ToHalf_DropsTheColdestAndHoldsTheNewBudget(EvictionPolicy eviction)
    {
        using var driver = new StoreDriver(2 * Smallest, laneCount: 1, eviction: eviction);
        int count = (int)(2 * Smallest * 8 / 10 / ValueBytes);
        Fill(driver, 0, count);
        Assert.Equal(0, driver.Store.GetStatistics().Evictions);

        Assert.True(driver.Store.Budget.TrySet(Smallest));
        Finish(driver.Store.Budget);

        StoreStatistics statistics = driver.Store.GetStatistics();
        Assert.Equal(Smallest, statistics.BudgetBytes);
        Assert.InRange(statistics.UsedBytes, Smallest * 8 / 10, Smallest);
        Assert.Null(driver.Get("key-0"));
        Assert.Equal(Value, driver.Get($"key-{count - 1}"));
        int first = Enumerable.Range(0, count).First(number => driver.Get($"key-{number}") is not null);
        Assert.All(Enumerable.Range(first + 100, count - first - 100), number => Assert.NotNull(driver.Get($"key-{number}")));
    }

    [Fact]
    public void Shrink_OneSegment_TakesNoMoreThanThat()
    {
        using var driver = new StoreDriver(2 * Smallest, laneCount: 1);
        Fill(driver, 0, (int)(4 * Smallest / ValueBytes));
        long before = driver.Store.GetStatistics().Evictions;
        Assert.True(driver.Store.Budget.TrySet(Smallest));

        Assert.True(driver.Store.Budget.Shrink(maxSegments: 1));

        Assert.InRange(driver.Store.GetStatistics().Evictions - before, 0, 2 * (64 << 10) / ValueBytes);
        Assert.False(driver.Store.Budget.IsReached);
    }

    [Fact]
    public void Set_ToMore_CountsAtOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a budget does not grow past its beginning.");
        using var driver = new StoreDriver(Smallest, laneCount: 1);
        Assert.True(driver.Store.Budget.TrySet(4 * Smallest));

        Fill(driver, 0, (int)(3 * Smallest / ValueBytes));

        StoreStatistics statistics = driver.Store.GetStatistics();
        Assert.Equal(0, statistics.Evictions);
        Assert.Equal(4 * Smallest, statistics.BudgetBytes);
        Assert.InRange(statistics.UsedBytes, 3 * Smallest, 4 * Smallest);
        Assert.Equal(Value, driver.Get("key-0"));
    }

    [Fact]
    public void Set_BackToTheOldBudget_UsesItAgain()
    {
        using var driver = new StoreDriver(2 * Smallest, laneCount: 1);
        int count = (int)(2 * Smallest * 8 / 10 / ValueBytes);
        Fill(driver, 0, count);
        Assert.True(driver.Store.Budget.TrySet(Smallest));
        Finish(driver.Store.Budget);
        foreach (int number in Enumerable.Range(0, count))
        {
            driver.Store.Delete(0, StoreDriver.Bytes($"key-{number}"));
        }

        long evicted = driver.Store.GetStatistics().Evictions;

        Assert.True(driver.Store.Budget.TrySet(2 * Smallest));
        Fill(driver, 0, count);

        Assert.Equal(evicted, driver.Store.GetStatistics().Evictions);
        Assert.All(Enumerable.Range(0, count), number => Assert.Equal(Value, driver.Get($"key-{number}")));
    }

    [Fact]
    public void Shrink_WhereNothingIsEvicted_WaitsForEntriesToGo()
    {
        using var driver = new StoreDriver(2 * Smallest, laneCount: 1, eviction: EvictionPolicy.None);
        int count = (int)(2 * Smallest * 8 / 10 / ValueBytes);
        Fill(driver, 0, count);
        Assert.True(driver.Store.Budget.TrySet(Smallest));

        Assert.True(driver.Store.Budget.Shrink(1000));
        Assert.All(Enumerable.Range(0, count), number => Assert.NotNull(driver.Get($"key-{number}")));
        foreach (int number in Enumerable.Range(0, count).Where(static number => number % 4 != 0))
        {
            driver.Store.Delete(0, StoreDriver.Bytes($"key-{number}"));
        }

        Finish(driver.Store.Budget);
        Assert.Equal(0, driver.Store.GetStatistics().Evictions);
        Assert.InRange(driver.Store.GetStatistics().UsedBytes, 0, Smallest);
    }

    [Fact]
    public void Set_OutOfBounds_ChangesNothing()
    {
        using var driver = new StoreDriver(2 * Smallest);
        StoreBudget budget = driver.Store.Budget;

        Assert.False(budget.TrySet(budget.LeastBytes - 1));
        Assert.False(budget.TrySet(budget.GreatestBytes + 1));
        Assert.Equal(2 * Smallest, budget.Bytes);
        Assert.True(budget.TrySet(budget.LeastBytes));
        Assert.True(budget.TrySet(budget.GreatestBytes));
    }

    [Fact]
    public void LeastBytes_HoldTwoOfTheLongestValues()
    {
        using var driver = new StoreDriver(64 << 20, maxValueBytes: 16 << 20);

        Assert.Equal(32 << 20, driver.Store.Budget.LeastBytes);
    }

    private static void Fill(StoreDriver driver, int first, int count)
    {
        for (int number = first; number < first + count; number++)
        {
            driver.Set($"key-{number}", Value);
        }
    }

    private static void Finish(StoreBudget budget)
    {
        for (int slice = 0; slice < 1000 && budget.Shrink(maxSegments: 1); slice++)
        {
        }

        Assert.True(budget.IsReached, "It is not reached after 1,000 slices.");
    }
}
