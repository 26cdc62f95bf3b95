using System.Text;
using Granary.ClusterTests.Clients;

namespace Granary.ClusterTests.Silos;

/// <summary>Keys that a silo holds, by the map that every silo and every client computes.</summary>
internal static class SiloKeys
{
    private const int ShardCount = 256; // the silos' default

    /// <returns>Keys of as many shards of the silo; all of its shards if it has fewer.</returns>
    public static string[] Of(SiloProcess silo, IEnumerable<SiloProcess> all, int count)
    {
        var map = new ClusterMap(ShardCount, all.Where(other => !other.HasExited).Select(other => other.Name));
        return
        [
            .. Enumerable.Range(0, 20 * ShardCount)
                .Select(number => $"key-{number}")
                .DistinctBy(ShardOf)
                .Where(key => map.OwnerNameOf(ShardOf(key)) == silo.Name)
                .Take(count),
        ];
    }

    /// <returns>Keys of different shards that a silo holds and gives to one that joins.</returns>
    public static string[] LeavingFor(string joining, SiloProcess silo, IEnumerable<SiloProcess> all)
    {
        var after = new ClusterMap(ShardCount, [.. all.Select(other => other.Name), joining]);
        return [.. Of(silo, all, ShardCount).Where(key => after.OwnerNameOf(ShardOf(key)) == joining)];
    }

    /// <returns>All shards of the silo.</returns>
    public static HashSet<int> ShardsOf(SiloProcess silo, IEnumerable<SiloProcess> all)
    {
        var map = new ClusterMap(ShardCount, all.Select(other => other.Name));
        return [.. Enumerable.Range(0, ShardCount).Where(shard => map.OwnerNameOf(shard) == silo.Name)];
    }

    /// <summary>Stores the same value under each.</summary>
    public static async Task SetAsync(SiloProcess silo, IEnumerable<string> keys, string value)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Ports.Memcached);
        foreach (string key in keys)
        {
            Assert.Equal("STORED", await connection.SetAsync(key, value));
        }
    }

    /// <returns>How many have the value; the others have none.</returns>
    public static async Task<int> CountAsync(SiloProcess silo, IEnumerable<string> keys, string value)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Ports.Memcached);
        Dictionary<string, string> found = await connection.GetAsync([.. keys]);
        Assert.All(found.Values, each => Assert.Equal(value, each));
        return found.Count;
    }

    public static int ShardOf(ReadOnlySpan<byte> key) => ShardHash.ShardOf(key, ShardCount);

    private static int ShardOf(string key) => ShardOf(Encoding.UTF8.GetBytes(key));
}
