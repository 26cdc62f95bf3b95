using BitFaster.Caching.Lfu;
using BitFaster.Caching.Lru;
using BitFaster.Caching.Scheduler;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.HitRatio.Caches;
using Granary.Store.Entries;
using Granary.Tests.Shared;

namespace Granary.Benchmarks.Scenarios.HitRatio;

/// <summary>What is compared: Granary's store, exact policies, the cache library of .NET, and memcached.</summary>
internal static class PolicyCatalog
{
    private const string Memcached = "memcached";

    private static readonly Dictionary<string, Func<ReplayCase, IReplayedCache?>> Local = new(StringComparer.Ordinal)
    {
        ["granary-lru"] = static replay => new StoreCache(replay, EvictionPolicy.Lru),
        ["granary-s3fifo"] = static replay => new StoreCache(replay, EvictionPolicy.S3Fifo),
        ["exact-lru"] = static replay =>
        {
            var lru = new ExactLru(replay.Budget, replay.OverheadBytes);
            return new ModelCache(lru.Request, () => lru.HitPercent);
        },
        ["exact-s3fifo"] = static replay =>
        {
            var fifo = new ExactS3Fifo(replay.Budget, replay.OverheadBytes);
            return new ModelCache(fifo.Request, () => fifo.HitPercent);
        },
        ["belady"] = static replay => new BeladyCache(replay.Budget, replay.OverheadBytes),
        ["bitfaster-lru"] = static replay => CountsObjects(replay)
            ? new BitFasterCache(new ConcurrentLru<int, int>(1, (int)replay.Budget, EqualityComparer<int>.Default))
            : null,
        ["bitfaster-lfu"] = static replay => CountsObjects(replay)
            ? new BitFasterCache(new ConcurrentLfu<int, int>(
                1, (int)replay.Budget, new ForegroundScheduler(), EqualityComparer<int>.Default))
            : null,
    };

    public static IReadOnlyList<string> Names { get; } = [.. Local.Keys, Memcached];

    /// <summary>Makes an empty cache of a case's budget.</summary>
    /// <returns><see langword="null"/> if the policy does not know such a budget, or is not on this machine.</returns>
    public static async Task<IReplayedCache?> CreateAsync(
        string name, ReplayCase replay, TextWriter output, CancellationToken cancellationToken)
    {
        if (name != Memcached)
        {
            return Local[name](replay);
        }

        if (CountsObjects(replay))
        {
            return null; // its budget is in bytes
        }

        var settings = new PeerSettings
        {
            MemoryMebibytes = (int)(replay.Budget >> 20),
            MaxItemBytes = replay.MaxValueBytes,
            Threads = 1,
        };
        List<RunningPeer> peers = await PeerCatalog.StartAsync([name], settings, output, cancellationToken);
        return peers is [RunningPeer server] ? await MemcachedCache.ConnectAsync(server, replay, cancellationToken) : null;
    }

    private static bool CountsObjects(ReplayCase replay) => replay.Sizing == Sizing.Unit;
}
