using BitFaster.Caching;

namespace Granary.Benchmarks.Scenarios.HitRatio.Caches;

/// <summary>A cache of BitFaster.Caching, which counts entries and not bytes.</summary>
internal sealed class BitFasterCache(ICache<int, int> cache) : IReplayedCache
{
    public double HitPercent => 100 * cache.Metrics.Value!.HitRatio;

    public void Request(in TraceRequest request) => cache.GetOrAdd(request.Key, static _ => 0);

    public ValueTask DisposeAsync() => default;
}
