namespace Granary.Administration.State;

/// <summary>What a silo's cache does, per second.</summary>
public sealed record CacheRates(
    double Reads,
    double Hits,
    double Misses,
    double Stores,
    double Deletes,
    double Evictions,
    double Expirations,
    double Forwarded);
