using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Eviction;

/// <summary>The age of what is evicted, compared with when the oldest entry that is still there was written.</summary>
public sealed class EvictionAgeTests : IDisposable
{
    private const double Tolerance = 0.2;
    private const int HotKeys = 500;

    // One lane: of two, one may stay open for long, and what is in it is not evicted meanwhile.
    private readonly StoreDriver _driver = new(memoryLimitBytes: 8 << 20, laneCount: 1);
    private readonly List<DateTimeOffset> _putAt = [];

    [Fact]
    public void EvictionAge_BeforeAnythingIsEvicted_IsUnknown()
    {
        Fill(count: 1_000, perSecond: 100);

        Assert.Equal(0, _driver.Store.GetStatistics().Evictions);
        Assert.Null(_driver.Store.EvictionAge);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(100)]
    [InlineData(2_000)]
    public void EvictionAge_AtASteadyRate_IsTheTimeThatTheBudgetLasts(int perSecond)
    {
        Fill(count: 12_000, perSecond);

        for (int more = 0; more < 10; more++)
        {
            Fill(count: 1_000, perSecond);
            AssertRight(coldEntries: _driver.Store.GetStatistics().Entries);
        }
    }

    [Fact]
    public void EvictionAge_WhileTheRateChangesAndAfterARest_FollowsIt()
    {
        Fill(count: 12_000, perSecond: 50);
        for (int more = 0; more < 24; more++)
        {
            Fill(count: 500, perSecond: 1_000);
            AssertRight(coldEntries: _driver.Store.GetStatistics().Entries);
        }

        for (int minute = 0; minute < 120; minute++)
        {
            Rest(TimeSpan.FromMinutes(1));
        }

        for (int more = 0; more < 24; more++)
        {
            Fill(count: 500, perSecond: 200);
            AssertRight(coldEntries: _driver.Store.GetStatistics().Entries);
        }
    }

    // What is read all the time is not evicted, and so does not count.
    [Fact]
    public void EvictionAge_BesideKeysThatAreReadOften_IsThatOfTheOthers()
    {
        for (int key = 0; key < HotKeys; key++)
        {
            _driver.Put(PutMode.Set, $"hot-{key}", new byte[1_000]);
        }

        for (int more = 0; more < 40; more++)
        {
            Fill(count: 500, perSecond: 100);
            for (int key = 0; key < HotKeys; key++)
            {
                Assert.NotNull(_driver.Get($"hot-{key}"));
            }
        }

        AssertRight(coldEntries: _driver.Store.GetStatistics().Entries - HotKeys);
    }

    [Fact]
    public void EvictionAge_AMinuteAfterTheLastEviction_IsUnknown()
    {
        Fill(count: 12_000, perSecond: 100);
        TimeSpan? age = _driver.Store.EvictionAge;

        Rest(TimeSpan.FromSeconds(59));
        TimeSpan? before = _driver.Store.EvictionAge;
        Rest(TimeSpan.FromSeconds(2));

        Assert.NotNull(age);
        Assert.Equal(age, before); // as it was then
        Assert.Null(_driver.Store.EvictionAge);
    }

    public void Dispose() => _driver.Dispose();

    private void Fill(int count, int perSecond)
    {
        int perSweep = Math.Max(perSecond / 2, 1);
        for (int put = 1; put <= count; put++)
        {
            _driver.Put(PutMode.Set, $"key-{_putAt.Count}", new byte[1_000]);
            _putAt.Add(_driver.Time.GetUtcNow());
            if (put % perSweep == 0)
            {
                Rest(TimeSpan.FromSeconds((double)perSweep / perSecond));
            }
        }
    }

    // A sweep twice a second, as in a silo, but none of a rest's middle.
    private void Rest(TimeSpan time)
    {
        _driver.Time.Advance(time);
        _driver.Store.Sweep(1_000);
    }

    private void AssertRight(long coldEntries)
    {
        TimeSpan truth = _driver.Time.GetUtcNow() - _putAt[_putAt.Count - (int)coldEntries];
        TimeSpan? age = _driver.Store.EvictionAge;
        Assert.NotNull(age);
        Assert.InRange(age.Value, truth * (1 - Tolerance), truth * (1 + Tolerance));
    }
}
