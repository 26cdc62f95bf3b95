using Granary.Store.Entries;
using Granary.Store.Tests.Model;

namespace Granary.Store.Tests.Copies;

/// <summary>A copied shard evicts in the order in which the original was used.</summary>
public sealed class CopiedRecencyTests(ITestOutputHelper output)
{
    private const int Keys = 10_000;
    private const int ValueBytes = 1000;

    // Recency is in positions of the log, and what is evicted together was used at about the same time.
    private const double Tolerance = 0.15;

    [Theory]
    [InlineData(16 << 20)]
    [InlineData(32 << 20)] // its segments are as large
    [InlineData(128 << 20)] // twice as large
    public void Copy_UnderPressure_EvictsAsItsOriginal(long targetBytes)
    {
        using var source = new StoreDriver(memoryLimitBytes: 16 << 20);
        List<string> byUse = UseInRandomOrder(source, new Random(1));
        using var copy = new CopyDriver(source, targetBytes);
        copy.Drain();
        copy.Target.Store.Open(0);

        bool[] original = Press(source, byUse);
        bool[] copied = Press(copy.Target, byUse);

        double both = ShareOf(original.Where((isKept, index) => isKept && copied[index]).Count(), original, copied);
        double recent = ShareOfRecent(copied);
        output.WriteLine(
            $"{both:P1} of what one keeps the other keeps; of what was used last the original has kept "
            + $"{ShareOfRecent(original):P1}, the copy {recent:P1}.");
        Assert.True(both >= 1 - Tolerance, $"Only {both:P1} of what one keeps the other keeps.");
        Assert.True(recent >= 1 - Tolerance, $"The copy has kept {recent:P1} of what was used last.");
    }

    [Fact]
    public void Copy_LargerThanItsStore_IsEvictedFromItsOldEnd()
    {
        using var source = new StoreDriver(memoryLimitBytes: 32 << 20);
        for (int key = 0; key < 2 * Keys; key++)
        {
            source.Put(PutMode.Set, $"key-{key}", new byte[ValueBytes]);
        }

        using var copy = new CopyDriver(source, 16 << 20);
        copy.Drain();
        copy.Target.Store.Open(0);

        Assert.Equal(0, copy.Dropped);
        StoreStatistics statistics = copy.Target.Store.GetStatistics();
        Assert.True(statistics.UsedBytes <= statistics.BudgetBytes);
        int newest = Enumerable.Range(Keys, Keys).Count(key => copy.Target.Get($"key-{key}") is not null);
        Assert.InRange(newest, Keys * (1 - Tolerance), Keys);
        Assert.InRange(statistics.Entries, newest, Keys * 1.6);
    }

    // Written in one order, used in another; half of them once more. The one used last is the last one.
    private static List<string> UseInRandomOrder(StoreDriver source, Random random)
    {
        string[] keys = [.. Enumerable.Range(0, Keys).Select(static key => $"key-{key}")];
        foreach (string key in keys)
        {
            source.Put(PutMode.Set, key, new byte[ValueBytes]);
        }

        string[] used = [.. keys.Where(_ => random.Next(2) == 0)];
        random.Shuffle(used);
        for (int index = 0; index < used.Length; index++)
        {
            source.Get(used[index]);

            // Overwritten in place and over again, this one lets the log grow while the others are read.
            source.Put(PutMode.Set, "filler", new byte[index % 2 == 0 ? 2000 : 1]);
        }

        HashSet<string> recent = [.. used];
        return [.. keys.Where(key => !recent.Contains(key)), .. used];
    }

    // Writes until about a third is left, and says what is, in the order of its use.
    private static bool[] Press(StoreDriver driver, List<string> byUse)
    {
        for (int key = 0; driver.Store.GetStatistics().Evictions < Keys * 2 / 3; key++)
        {
            driver.Put(PutMode.Set, $"new-{key}", new byte[ValueBytes]);
        }

        return [.. byUse.Select(key => driver.Store.Touch(0, StoreDriver.Bytes(key), Expiration.Never))
            .Select(static result => result == StoreResult.Success)];
    }

    private static double ShareOfRecent(bool[] isKept) => ShareOf(isKept[^CountOf(isKept)..].Count(static kept => kept), isKept, isKept);

    private static double ShareOf(int count, bool[] left, bool[] right) => count / (double)Math.Min(CountOf(left), CountOf(right));

    private static int CountOf(bool[] isKept) => isKept.Count(static kept => kept);
}
