using Granary.Cache.Routing;
using Granary.Reports;
using Granary.Store.Entries;

namespace Granary.Cache.Reports;

/// <summary>The store's counters, and those of what it has nothing to do with.</summary>
internal sealed class CacheCounts(CacheRouter router)
{
    public CacheCounters Of(in StoreStatistics statistics) => new()
    {
        Hits = statistics.Hits,
        Misses = statistics.Misses,
        Stores = statistics.Stores,
        Deletions = statistics.Deletions,
        Evictions = statistics.Evictions,
        Expirations = statistics.Expirations,
        Forwarded = router.Forwarded,
    };
}
