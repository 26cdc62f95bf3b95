namespace Granary.ClusterTests.Clients;

/// <summary>What a replay counted: keys, except for the errors, which are calls.</summary>
internal sealed record TraceReplayResult(long Requests, long Hits, long Misses, long Wrong, long Errors)
{
    public double HitPercent => 100.0 * Hits / Requests;

    public static TraceReplayResult operator +(TraceReplayResult one, TraceReplayResult other) => new(
        one.Requests + other.Requests,
        one.Hits + other.Hits,
        one.Misses + other.Misses,
        one.Wrong + other.Wrong,
        one.Errors + other.Errors);
}
