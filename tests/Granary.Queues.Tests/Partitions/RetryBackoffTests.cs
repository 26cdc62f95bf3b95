using Granary.Queues.Partitions;

namespace Granary.Queues.Tests.Partitions;

/// <summary>When a failed message comes again: later, and later still each time it fails, up to a bound.</summary>
public sealed class RetryBackoffTests
{
    private const int Draws = 1000;

    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 200)]
    [InlineData(4, 800)]
    [InlineData(5, 1000)]
    [InlineData(1000, 1000)]
    public void NextDelay_AfterSoManyFailures_IsSpreadUpToABoundThatDoubles(int failures, long bound)
    {
        QueueOptions options = new()
        {
            RetryDelay = TimeSpan.FromMilliseconds(100),
            MaxRetryDelay = TimeSpan.FromMilliseconds(1000),
        };
        RetryBackoff backoff = new(new CurrentOptions(options), new Random(1));

        long[] delays = [.. Enumerable.Range(0, Draws).Select(_ => backoff.NextDelay(failures)).Order()];

        Assert.InRange(delays[0], 0, bound / 20);
        Assert.InRange(delays[Draws / 2], bound * 2 / 5, bound * 3 / 5);
        Assert.InRange(delays[^1], bound * 19 / 20, bound);
    }

    [Fact]
    public void NextDelay_WithoutARetryDelay_IsNone()
    {
        QueueOptions options = new() { RetryDelay = TimeSpan.Zero };
        RetryBackoff backoff = new(new CurrentOptions(options), new Random(1));

        Assert.Equal(0, backoff.NextDelay(7));
    }
}
