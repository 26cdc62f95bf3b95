using Granary.Cache.Reports;
using Granary.Cache.Tests.Doubles;
using Granary.Reports;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Cache.Tests.Reports;

/// <summary>What a silo remembers of the last hour.</summary>
public sealed class HistoryTests : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly ReadClock _clock = new(); // the history's alone, which reads it once for each sample
    private readonly FakeTimeProvider _time = new();
    private readonly TestSilo _silo;
    private readonly History _history;

    public HistoryTests()
    {
        _silo = new TestSilo(_time);
        _history = new History(_silo.Store, new CacheCounts(_silo.Router), _silo.Times, _clock);
    }

    [Fact]
    public async Task Samples_OfMoreThanAnHour_AreThoseOfTheLastTheOldestFirstAsync()
    {
        await StartAsync();
        for (int sample = 2; sample <= 362; sample++)
        {
            await AdvanceAsync();
        }

        HistorySample[] samples = _history.Read();

        Assert.Equal(360, samples.Length);
        Assert.All(samples.Zip(samples.Skip(1)), static pair => Assert.Equal(Period, pair.Second.At - pair.First.At));
    }

    [Fact]
    public async Task Latency_OfASample_IsTheGreatestOfItsKindsSinceTheSampleBeforeAsync()
    {
        var duration = TimeSpan.FromMilliseconds(50);
        await StartAsync();
        long began = _time.GetTimestamp();
        _time.Advance(duration);
        _silo.Times.EndReplicated(began, shard: 0);
        _silo.Times.EndForwarded(TimeSpan.FromMilliseconds(1));
        await AdvanceAsync();
        await AdvanceAsync();
        await AdvanceAsync(); // the third is there now

        HistorySample[] samples = _history.Read();

        Assert.Equal(
            [null, LatencyBuckets.UpperBoundOf(LatencyBuckets.IndexOf(duration)), null],
            samples.Take(3).Select(static sample => sample.LatencyP99));
    }

    public async ValueTask DisposeAsync()
    {
        await _history.StopAsync(CancellationToken.None);
        _history.Dispose();
        _silo.Dispose();
        _clock.Dispose();
    }

    // When the time has been read, a sample is made. It is there when it has been read again.
    private async Task StartAsync()
    {
        await _history.StartAsync(CancellationToken.None);
        await _clock.ReadAsync();
    }

    private Task AdvanceAsync()
    {
        _clock.Advance(Period);
        return _clock.ReadAsync();
    }
}
