using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Eviction;

/// <summary>A store that evicts nothing: what does not fit is refused, and only what is dead makes room.</summary>
public sealed class WithoutEvictionTests
{
    private const long Budget = 8 << 20;
    private const int MoreThanFit = 100_000;

    private static readonly string Value = new('x', 300);

    [Fact]
    public void Set_OfMoreThanTheBudget_IsRefusedAndNothingGoes()
    {
        using var driver = new StoreDriver(Budget, eviction: EvictionPolicy.None);

        int stored = Fill(driver);

        Assert.InRange(stored, Budget / 2 / Value.Length, Budget / Value.Length);
        Assert.Equal(0, driver.Store.GetStatistics().Evictions);
        Assert.All(Enumerable.Range(0, stored), number => Assert.Equal(Value, driver.Get($"key-{number}")));
    }

    [Fact]
    public void Set_AfterDeletions_FitsAgainAndTheOthersStay()
    {
        using var driver = new StoreDriver(Budget, eviction: EvictionPolicy.None);
        int stored = Fill(driver);
        for (int number = 0; number < stored; number += 2)
        {
            driver.Store.Delete(0, StoreDriver.Bytes($"key-{number}"));
        }

        int again = Enumerable.Range(0, stored).TakeWhile(number => IsSet(driver, $"new-{number}")).Count();

        Assert.InRange(again, stored / 3, stored);
        Assert.Equal(0, driver.Store.GetStatistics().Evictions);
        for (int number = 1; number < stored; number += 2)
        {
            Assert.Equal(Value, driver.Get($"key-{number}"));
        }
    }

    [Fact]
    public void Set_AfterExpirations_FitsAgain()
    {
        using var driver = new StoreDriver(Budget, eviction: EvictionPolicy.None);
        int stored = Fill(driver, Expiration.AfterMilliseconds(1000));
        driver.Time.Advance(TimeSpan.FromSeconds(2));
        while (driver.Store.Sweep(1000) > 0)
        {
        }

        int again = Enumerable.Range(0, stored).TakeWhile(number => IsSet(driver, $"new-{number}")).Count();

        Assert.InRange(again, stored * 9 / 10, stored);
    }

    [Fact]
    public void LongValue_ThatDoesNotFit_IsRefused()
    {
        using var driver = new StoreDriver(Budget, eviction: EvictionPolicy.None);
        byte[] value = new byte[900_000];

        int stored = Enumerable.Range(0, 100)
            .TakeWhile(number => driver.Put(PutMode.Set, $"key-{number}", value) == StoreResult.Success)
            .Count();

        Assert.InRange(stored, 1, 9);
        Assert.Equal(StoreResult.NoRoom, driver.Put(PutMode.Set, "more", value));
        Assert.All(Enumerable.Range(0, stored), number => Assert.NotNull(driver.Read($"key-{number}").Value));
    }

    // Returns how many are in.
    private static int Fill(StoreDriver driver, Expiration expiration = default)
    {
        int stored = 0;
        while (stored < MoreThanFit && IsSet(driver, $"key-{stored}", expiration))
        {
            stored++;
        }

        return stored;
    }

    private static bool IsSet(StoreDriver driver, string key, Expiration expiration = default)
    {
        StoreResult result = driver.Set(key, Value, expiration: expiration);
        Assert.True(result is StoreResult.Success or StoreResult.NoRoom, $"{result}");
        return result == StoreResult.Success;
    }
}
