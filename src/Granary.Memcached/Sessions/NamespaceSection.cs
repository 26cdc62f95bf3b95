using Granary.Memcached.Server;
using Granary.Store.Entries;

namespace Granary.Memcached.Sessions;

/// <summary>The section <c>namespaces</c> of the statistics: what this silo has of each, under memcached's names.</summary>
internal static class NamespaceSection
{
    public static ReadOnlySpan<byte> Name => "namespaces"u8;

    /// <param name="gateway">The gateway.</param>
    /// <param name="access">Of who asks: he is told of his own alone; <see langword="null"/> for all.</param>
    public static List<(string Name, string Value)> Read(GatewayState gateway, KeyAccess? access)
    {
        var list = new StatisticsList(gateway.Baseline);
        foreach (NamespaceStatistics space in gateway.Cache.Store.Namespaces.GetStatistics())
        {
            if (access is null || access.MaySee(gateway.Cache.Store.Namespaces.NumberOf(space.Name)))
            {
                Add(list, space);
            }
        }

        return list.All;
    }

    private static void Add(StatisticsList list, in NamespaceStatistics space)
    {
        list.Add($"{space.Name}:curr_items", space.Entries);
        list.Add($"{space.Name}:bytes", space.EntryBytes);
        list.Add($"{space.Name}:quota_bytes", space.QuotaBytes);
        list.Add($"{space.Name}:share_bytes", space.ShareBytes);
        list.Add($"{space.Name}:cmd_get", space.Hits + space.Misses);
        list.Add($"{space.Name}:get_hits", space.Hits);
        list.Add($"{space.Name}:get_misses", space.Misses);
        list.Add($"{space.Name}:total_items", space.Stores);
        list.Add($"{space.Name}:evictions", space.Evictions);
    }
}
