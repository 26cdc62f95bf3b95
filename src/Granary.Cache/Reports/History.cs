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
    private long[] _local = [];
    private long[] _forwarded = [];
    private long[] _replicated = [];

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
        (long[] local, long[] forwarded, long[] replicated) = (times.Local, times.Forwarded, times.Replicated);
        _samples.Add(new HistorySample
        {
            At = time.GetUtcNow(),
            Counters = counts.Of(statistics),
            Entries = statistics.Entries,
            UsedBytes = statistics.UsedBytes,
            EvictionAge = store.EvictionAge,
            LatencyP99 = Greater(
                Percentile(local, _local), Greater(Percentile(forwarded, _forwarded), Percentile(replicated, _replicated))),
        });
        (_local, _forwarded, _replicated) = (local, forwarded, replicated);
    }

    // Of each kind on its own: of the silo's own only some are timed.
    private static TimeSpan? Percentile(long[] later, long[] earlier) =>
        LatencyBuckets.Percentile(LatencyBuckets.Subtract(later, earlier), 0.99);

    private static TimeSpan? Greater(TimeSpan? one, TimeSpan? other) => one is null || other > one ? other : one;
}
