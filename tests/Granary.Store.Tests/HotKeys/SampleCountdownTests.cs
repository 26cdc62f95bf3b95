using Granary.Store.HotKeys;

namespace Granary.Store.Tests.HotKeys;

public sealed class SampleCountdownTests
{
    private const int Operations = 640_000;

    [Theory]
    [InlineData(1, 0u)]
    [InlineData(1, 9u)]
    [InlineData(2, 1u)]
    [InlineData(64, 0u)]
    [InlineData(64, uint.MaxValue)]
    public void Next_OfManyOperations_ChoosesOneInAPeriod(int period, uint seed)
    {
        var countdown = new SampleCountdown(period, seed);
        int chosen = 0;
        int distance = 0;
        int longest = 0;

        for (int operation = 0; operation < Operations; operation++)
        {
            distance++;
            if (countdown.Next())
            {
                chosen++;
                longest = Math.Max(longest, distance);
                distance = 0;
            }
        }

        // Of n distances the mean's deviation is below period / sqrt(3 n): 0.6 % here; three of them are allowed.
        Assert.InRange(chosen, Operations / period * 0.98, Operations / period * 1.02);
        Assert.InRange(longest, period, (2 * period) - 1);
    }

    [Fact]
    public void Next_OfAPatternAsLongAsThePeriod_MeetsAllOfIt()
    {
        const int Period = 64;
        var countdown = new SampleCountdown(Period, seed: 5);
        int[] met = new int[Period];

        for (int operation = 0; operation < Operations; operation++)
        {
            met[operation % Period] += countdown.Next() ? 1 : 0;
        }

        // 156 each, whose deviation is 12.5 at most.
        Assert.All(met, count => Assert.InRange(count, 100, 212));
    }

    [Fact]
    public void Constructor_OfAPeriodBelow1_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampleCountdown(0, 1));
}
