using Granary.Store.Eviction;

namespace Granary.Store.Tests.Eviction;

public sealed class LogTimesTests
{
    private const int StepMilliseconds = 500;

    [Theory]
    [InlineData(1u)]
    [InlineData(uint.MaxValue - 100)] // wraps
    public void TimeOf_BetweenTwoNotes_IsInBetween(uint start)
    {
        var times = new LogTimes(start, 1_000);

        times.Note(start, 2_000); // stays there
        times.Note(start + 200, 3_000);

        Assert.Equal(2_000, times.TimeOf(start));
        Assert.Equal(2_500, times.TimeOf(start + 100));
        Assert.Equal(3_000, times.TimeOf(start + 200));
    }

    [Fact]
    public void TimeOf_PositionsOutsideOfAllNotes_IsTheNearest()
    {
        var times = new LogTimes(10, 1_000);
        times.Note(20, 2_000);

        Assert.Equal(1_000, times.TimeOf(9));
        Assert.Equal(1_000, times.TimeOf(unchecked((uint)-5))); // a copy may be older than the log
        Assert.Equal(2_000, times.TimeOf(25));
    }

    // As the log goes on, with rests of hours and bursts, ages of seconds and of days are all known to a tenth.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TimeOf_AnyPosition_IsRightToATenthOfItsAge(int seed)
    {
        const int Steps = 400_000; // two days
        var random = new Random(seed);
        uint start = uint.MaxValue - 1_000_000;
        var times = new LogTimes(start, 0);
        List<long> leftAt = [0]; // by position from the start
        int rate = 1;
        for (int step = 1; step <= Steps; step++)
        {
            rate = random.Next(2_000) == 0 ? random.Next(4) * random.Next(8) : rate;
            long now = (long)step * StepMilliseconds;
            leftAt[^1] = now;
            for (int grown = 0; grown < rate; grown++)
            {
                leftAt.Add(now);
            }

            times.Note(start + (uint)leftAt.Count - 1, now);
        }

        long end = (long)Steps * StepMilliseconds;
        for (int position = 0; position < leftAt.Count; position++)
        {
            long age = end - leftAt[position];
            long error = Math.Abs(times.TimeOf(start + (uint)position) - leftAt[position]);
            Assert.True(
                error <= (age / 10) + (2 * StepMilliseconds), $"Position {position}, {age} ms old, is wrong by {error} ms.");
        }
    }

    [Fact]
    public void Note_OfPositionsFartherApartThanCanBeCompared_ForgetsTheOldest()
    {
        var times = new LogTimes(0, 0);
        uint position = 0;
        for (int step = 1; step <= 1_000; step++)
        {
            position += 1 << 28;
            times.Note(position, step * 1_000L);
        }

        Assert.Equal(1_000_000, times.TimeOf(position));
        Assert.Equal(998_500, times.TimeOf(position - (3u << 27)));
    }
}
