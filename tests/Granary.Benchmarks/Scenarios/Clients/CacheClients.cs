using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>
/// The client library that belongs to each server, and what .NET has over it. A library is added to the measurement by an
/// entry here.
/// </summary>
internal static class CacheClients
{
    private static readonly Dictionary<string, Func<RunningPeer, Task<ICacheUnderTest>>> Connect =
        new(StringComparer.Ordinal)
        {
            ["granary"] = GranaryClientCache.ConnectAsync,
            ["granary-bare"] = GranaryClientCache.ConnectAsync,
            ["granary-scraped"] = GranaryClientCache.ConnectAsync,
            ["granary-watched"] = GranaryClientCache.ConnectAsync,
            ["redis"] = StackExchangeRedisCache.ConnectAsync,
            ["garnet"] = StackExchangeRedisCache.ConnectAsync,
        };

    /// <summary>The servers that can be measured.</summary>
    public static IEnumerable<string> ServerNames => Connect.Keys;

    public static Task<ICacheUnderTest> ConnectAsync(RunningPeer server, CacheApi api) => api switch
    {
        CacheApi.Own => Connect[server.Name](server),
        CacheApi.Distributed => DistributedCacheClient.ConnectAsync(server),
        CacheApi.Hybrid => HybridCacheClient.ConnectAsync(server),
        _ => throw new ArgumentOutOfRangeException(nameof(api), api, "Not one of them."),
    };
}
