using Granary.Memcached.Server;
using Granary.Store.Entries;

namespace Granary.Memcached.Sessions;

// memcached divides memory into classes of chunks of one size; here all entries are in one log. So there is one class,
// whose chunk is the entries' mean size, and whose pages are of memcached's size. What is only memcached's is left out:
// tools that read these sections take what is there.

/// <summary>The sections <c>items</c> and <c>slabs</c>.</summary>
internal static class ClassStatistics
{
    /// <summary>The only class.</summary>
    public const int Class = 1;

    private const long PageBytes = 1 << 20;

    public static void AddItems(StatisticsList list, GatewayState gateway)
    {
        StoreStatistics store = gateway.Cache.Store.GetStatistics();
        if (store.Entries == 0)
        {
            return;
        }

        list.Add("items:1:number", store.Entries);
        if (gateway.Cache.Store.EvictionAge is { } age)
        {
            list.Add("items:1:age", (long)age.TotalSeconds);
        }

        list.Add("items:1:mem_requested", store.EntryBytes);
        list.Repeat("items:1:evicted", "evictions", store.Evictions);
        list.Repeat("items:1:outofmemory", "store_no_memory", gateway.SumCounters().NoMemory);
        list.Repeat("items:1:reclaimed", "reclaimed", store.Expirations);
    }

    public static void AddSlabs(StatisticsList list, GatewayState gateway)
    {
        StoreStatistics store = gateway.Cache.Store.GetStatistics();
        if (store.Entries > 0)
        {
            long chunk = (store.EntryBytes + store.Entries - 1) / store.Entries;
            long chunks = Math.Max(store.UsedBytes / chunk, store.Entries);
            list.Add("1:chunk_size", chunk);
            list.Add("1:chunks_per_page", PageBytes / chunk);
            list.Add("1:total_pages", (store.UsedBytes + PageBytes - 1) / PageBytes);
            list.Add("1:total_chunks", chunks);
            list.Add("1:used_chunks", store.Entries);
            list.Add("1:free_chunks", chunks - store.Entries);
            AddOperations(list, gateway.SumCounters());
        }

        list.Add("active_slabs", store.Entries > 0 ? 1 : 0);
        list.Add("total_malloced", store.UsedBytes);
    }

    private static void AddOperations(StatisticsList list, GatewayCounters counters)
    {
        list.Repeat("1:get_hits", "get_hits", counters.GetHits);
        list.Repeat("1:cmd_set", "cmd_set", counters.CmdSet);
        list.Repeat("1:delete_hits", "delete_hits", counters.DeleteHits);
        list.Repeat("1:incr_hits", "incr_hits", counters.IncrHits);
        list.Repeat("1:decr_hits", "decr_hits", counters.DecrHits);
        list.Repeat("1:cas_hits", "cas_hits", counters.CasHits);
        list.Repeat("1:cas_badval", "cas_badval", counters.CasBadValue);
        list.Repeat("1:touch_hits", "touch_hits", counters.TouchHits);
    }
}
