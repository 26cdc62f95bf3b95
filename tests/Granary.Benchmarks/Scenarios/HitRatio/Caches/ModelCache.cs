namespace Granary.Benchmarks.Scenarios.HitRatio.Caches;

/// <summary>One of the hit-ratio tests' exact policies.</summary>
/// <param name="request">Takes a key and its length in bytes.</param>
/// <param name="hitPercent">What it has hit so far.</param>
internal sealed class ModelCache(Func<long, int, bool> request, Func<double> hitPercent) : IReplayedCache
{
    public double HitPercent => hitPercent();

    public void Request(in TraceRequest traced) => request(traced.Key, traced.LengthBytes);

    public ValueTask DisposeAsync() => default;
}
