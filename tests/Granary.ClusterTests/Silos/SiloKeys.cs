using System.Text;

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

    private static int ShardOf(string key) => ShardHash.ShardOf(Encoding.UTF8.GetBytes(key), ShardCount);
}
