namespace Granary.ClusterTests.Clients;

/// <summary>What a replay counted: keys, except for the errors, which are calls.</summary>
internal sealed record TraceReplayResult(long Requests, long Hits, long Misses, long Wrong, long Errors)
{
    public double HitPercent => 100.0 * Hits / Requests;
}
