namespace Granary.Benchmarks.Scenarios.HitRatio.Caches;

/// <summary>A cache that a trace is replayed through.</summary>
internal interface IReplayedCache : IAsyncDisposable
{
    /// <summary>Hits in percent of all requests so far.</summary>
    double HitPercent { get; }

    /// <summary>Reads an object and, if it is not there, stores it.</summary>
    void Request(in TraceRequest request);
}
