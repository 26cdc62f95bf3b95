using System.Text;

namespace Granary.ClientSample;

/// <summary>Key to shard to silo: a pure function, computed here as every silo and client computes it.</summary>
internal static class Shards
{
    private const int ShardCount = 256;

    public static void Run(int silos)
    {
        var before = new ClusterMap(ShardCount, Names(silos));
        var after = new ClusterMap(ShardCount, Names(silos + 1));

        foreach (string key in new[] { "alice", "bob", "carol", "dave" })
        {
            int shard = ShardHash.ShardOf(Encoding.UTF8.GetBytes(key), ShardCount);
            Console.WriteLine($"{key,-8} shard {shard,3}   {before.OwnerNameOf(shard)}");
        }

        for (int silo = 0; silo < before.SiloNames.Count; silo++)
        {
            Console.WriteLine($"{before.SiloNames[silo],-8} holds {before.ShardsOf(silo).Count()} shards");
        }

        int moved = Enumerable.Range(0, ShardCount).Count(shard => before.OwnerNameOf(shard) != after.OwnerNameOf(shard));
        Console.WriteLine($"{after.SiloNames[^1]} joins: {moved} of {ShardCount} shards move; its own share is {ShardCount / (silos + 1)}.");
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(number => $"silo-{number}");
}
