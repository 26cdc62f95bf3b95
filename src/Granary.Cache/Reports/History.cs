using Granary.Reports;
using Granary.Store;
using Granary.Store.Entries;
using Microsoft.Extensions.Hosting;

namespace Granary.Cache.Reports;

/// <summary>
/// Notes the cache's counters every few seconds and keeps an hour of them: who looks at a silo because something has
/// happened wants to see how it was before.
/// </summary>
internal sealed class History(CacheStore store, CacheCounts counts, OperationTimes times, TimeProvider time) : BackgroundService
{
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private const int MaxSamples = 360;

    private readonly RecentList<HistorySample> _samples = new(MaxSamples);
    private long[] _latency = [];

    /// <summary>The oldest first.</summary>
    public HistorySample[] Read() => [.. _samples.Read().Reverse()];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            Add();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Add()
    {
        StoreStatistics statistics = store.GetStatistics();
        long[] latency = [.. times.Local.Zip(times.Forwarded, static (local, forwarded) => local + forwarded)];
        _samples.Add(new HistorySample
        {
            At = time.GetUtcNow(),
            Counters = counts.Of(statistics),
            Entries = statistics.Entries,
            UsedBytes = statistics.UsedBytes,
            EvictionAge = store.EvictionAge,
            LatencyP99 = LatencyBuckets.Percentile(LatencyBuckets.Subtract(latency, _latency), 0.99),
        });
        _latency = latency;
    }
}
