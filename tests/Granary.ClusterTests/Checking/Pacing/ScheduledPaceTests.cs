using Microsoft.Extensions.Time.Testing;

namespace Granary.ClusterTests.Checking.Pacing;

/// <summary>Turns are at absolute times: who is late is not given more time.</summary>
public sealed class ScheduledPaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<long> _skipped = [];
    private readonly ScheduledPace _pace;
    private readonly Schedule _schedule;

    public ScheduledPaceTests()
    {
        // Two workers with 100 operations a second: one each 20 ms, the second worker's 10 ms after the first's.
        _schedule = new Schedule(_time.GetTimestamp(), 100, Workers: 2, _time.TimestampFrequency);
        _pace = new ScheduledPace(_schedule, worker: 1, _time, _skipped.Add);
    }

    [Fact]
    public void Next_BeforeItIsDue_WaitsUntilReleasedBehindIt()
    {
        ValueTask<long> turn = _pace.NextAsync();

        Advance(9);
        _pace.Release(_time.GetTimestamp());
        Assert.False(turn.IsCompleted);
        Advance(1);
        _pace.Release(_time.GetTimestamp());

        Assert.True(turn.IsCompleted);
    }

    [Fact]
    public async Task Next_WhenLate_IsDueWhenItWasAsync()
    {
        Advance(500);

        Assert.Equal(10, MillisecondsOf(await _pace.NextAsync()));
        Assert.Equal(30, MillisecondsOf(await _pace.NextAsync()));
        Assert.Empty(_skipped);
    }

    [Fact]
    public async Task Next_WhenLaterThanItMayBe_ReportsWhatItSkipsAsync()
    {
        Advance(1060);

        Assert.Equal(70, MillisecondsOf(await _pace.NextAsync()));
        Assert.Equal([10, 30, 50], _skipped.Select(MillisecondsOf));
    }

    [Fact]
    public async Task Next_AfterTheEnd_GivesNoTurnAsync()
    {
        ValueTask<long> waiting = _pace.NextAsync();

        _pace.End();
        _pace.Release(_time.GetTimestamp());

        Assert.Equal(IPace.Over, await waiting);
        Assert.Equal(IPace.Over, await _pace.NextAsync());
    }

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private double MillisecondsOf(long timestamp) =>
        _time.GetElapsedTime(_schedule.Start, timestamp).TotalMilliseconds;
}
