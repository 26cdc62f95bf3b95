namespace Granary.ClusterTests.Checking.Measures;

/// <summary>Latencies and pauses.</summary>
public sealed class MeasureTests
{
    [Theory]
    [InlineData(50, 500)]
    [InlineData(99, 990)]
    [InlineData(100, 1000)]
    public void Percentile_Of1To1000Milliseconds_IsRightTo2Percent(double percent, double milliseconds)
    {
        var histogram = new LatencyHistogram();
        for (int latency = 1; latency <= 1000; latency++)
        {
            histogram.Add(TimeSpan.FromMilliseconds(latency));
        }

        Assert.InRange(histogram.Percentile(percent).TotalMilliseconds, milliseconds, milliseconds * 1.02);
        Assert.Equal(1000, histogram.Max.TotalMilliseconds);
    }

    [Fact]
    public void Histogram_OfTwo_CountsBoth()
    {
        var histogram = new LatencyHistogram();
        var other = new LatencyHistogram();
        histogram.Add(TimeSpan.FromMicroseconds(1));
        other.Add(TimeSpan.FromHours(1));

        histogram.Add(other);

        Assert.Equal(2, histogram.Count);
        Assert.Equal(TimeSpan.FromMicroseconds(1), histogram.Percentile(50));
        Assert.Equal(TimeSpan.FromHours(1), histogram.Percentile(100));
    }

    [Fact]
    public void Pause_OfALateAnswer_BeginsWhenItWasDue()
    {
        var watch = new KeyWatch("key");
        watch.Answered(due: 10, end: 11);

        Assert.Equal(20, watch.Answered(due: 20, end: 50));
    }

    [Fact]
    public void Pause_OverFailures_BeginsWithTheFirst()
    {
        var watch = new KeyWatch("key");
        watch.Answered(due: 10, end: 11);
        watch.Failed(due: 20);
        watch.Failed(due: 30);

        Assert.Equal(20, watch.Answered(due: 40, end: 41));
        Assert.Equal(50, watch.Answered(due: 50, end: 51));
    }

    [Fact]
    public void UnansweredKeys_GiveOutWhatStillFails_OldestFirst()
    {
        var clock = new RunClock(TimeProvider.System);
        var unanswered = new UnansweredKeys();
        KeyWatch[] watches = [new("a"), new("b"), new("c")];
        foreach (KeyWatch watch in watches)
        {
            Assert.True(watch.Failed(due: 10));
            Assert.False(watch.Failed(due: 20));
            unanswered.Add(new UnansweredKey(default, new FamilyTally("family", clock), watch));
        }

        watches[0].Answered(due: 30, end: 31);

        Assert.True(unanswered.TryTake(out UnansweredKey key));
        Assert.Same(watches[1], key.Watch);
        unanswered.Add(key);
        Assert.True(unanswered.TryTake(out key));
        Assert.Same(watches[2], key.Watch);
        watches[1].Answered(due: 40, end: 41);
        Assert.False(unanswered.TryTake(out _));
    }

    [Fact]
    public void Pause_OfAnOperationThatOthersOvertook_BeginsWithTheirAnswer()
    {
        var watch = new KeyWatch("key");
        watch.Answered(due: 30, end: 31);

        Assert.Equal(31, watch.Answered(due: 10, end: 50));
    }
}
