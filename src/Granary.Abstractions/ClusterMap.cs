using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace Granary;

// Bounded-load rendezvous hashing, as a stable matching:
//
//   score(shard, silo) = XxHash3(shard as 4 bytes little endian, seed = XxHash3(silo's name as UTF-8))
//   Take all pairs from the highest score to the lowest (two equal ones, at 64 bits, do not happen). A pair becomes an
//   assignment if the shard has none yet and the silo has room: S / N shards for each, and one more for the first
//   S mod N that ask for it.
//
// So the loads differ by at most one shard. A join or leave moves the S / N shards that it must, and a few more because
// the room of the others changes; measured over random names (docs/decisions/0001): at most 1.5 x S / N down to about 24
// shards a silo, up to 2 x S / N at 16. The bound is the quota, not a factor of the average: with a factor the lightest
// silo has no lower bound, and the figure for moves is no better.

/// <summary>
/// Who holds which shard: a pure function of the number of shards and the names of the active silos that do not drain.
/// Placement, routing, clients and the console all use this one. Immutable.
/// </summary>
public sealed class ClusterMap
{
    private const int MaxShards = 65_536;

    private readonly string[] _names;
    private readonly int[] _owners;
    private readonly ClusterMap?[] _without;

    /// <summary>Computes the map: sorts ShardCount x silos scores, some milliseconds for 4,096 x 64.</summary>
    /// <param name="shardCount">1 to 65,536.</param>
    /// <param name="siloNames">Distinct, not empty; in any order. None: no shard has an owner.</param>
    /// <exception cref="ArgumentException">A name is empty or comes twice.</exception>
    public ClusterMap(int shardCount, IEnumerable<string> siloNames)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shardCount, MaxShards);
        _names = [.. siloNames.Order(StringComparer.Ordinal)];
        for (int index = 0; index < _names.Length; index++)
        {
            ArgumentException.ThrowIfNullOrEmpty(_names[index], nameof(siloNames));
            if (index > 0 && _names[index] == _names[index - 1])
            {
                throw new ArgumentException($"The silo name '{_names[index]}' comes twice.", nameof(siloNames));
            }
        }

        ShardCount = shardCount;
        _owners = Assign(shardCount, _names);
        _without = new ClusterMap?[_names.Length];
    }

    /// <summary>Shards of the cluster.</summary>
    public int ShardCount { get; }

    /// <summary>The silos, in ordinal order. Other members give indexes into it.</summary>
    public IReadOnlyList<string> SiloNames => _names;

    /// <summary>The silo that holds the shard; -1 if there is no silo.</summary>
    public int OwnerOf(int shard) => _owners[shard];

    /// <summary>The name of the silo that holds the shard; <see langword="null"/> if there is no silo.</summary>
    public string? OwnerNameOf(int shard) => _owners[shard] < 0 ? null : _names[_owners[shard]];

    /// <summary>
    /// The name of the silo that would hold the shard if its owner were gone; <see langword="null"/> if there is none.
    /// </summary>
    /// <remarks>Computed once per owner, when first asked for.</remarks>
    public string? HeirNameOf(int shard)
    {
        int owner = _owners[shard];
        return owner < 0 ? null : Without(owner).OwnerNameOf(shard);
    }

    /// <summary>The shards that a silo holds, in ascending order.</summary>
    public IEnumerable<int> ShardsOf(int silo) => Enumerable.Range(0, ShardCount).Where(shard => _owners[shard] == silo);

    private ClusterMap Without(int silo) =>
        _without[silo] ??= new ClusterMap(ShardCount, _names.Where((_, index) => index != silo));

    private static int[] Assign(int shardCount, string[] names)
    {
        int[] owners = new int[shardCount];
        Array.Fill(owners, -1);
        if (names.Length == 0)
        {
            return owners;
        }

        (ulong[] scores, int[] pairs) = Rank(shardCount, names);
        Array.Sort(scores, pairs);
        int[] loads = new int[names.Length];
        int quota = shardCount / names.Length;
        int extra = shardCount % names.Length;
        for (int rank = pairs.Length - 1; rank >= 0; rank--)
        {
            (int shard, int silo) = Math.DivRem(pairs[rank], names.Length);
            if (owners[shard] >= 0 || loads[silo] > quota || (loads[silo] == quota && extra == 0))
            {
                continue;
            }

            extra -= loads[silo] == quota ? 1 : 0;
            loads[silo]++;
            owners[shard] = silo;
        }

        return owners;
    }

    // Every pair (shard x silos + silo) and its score.
    private static (ulong[] Scores, int[] Pairs) Rank(int shardCount, string[] names)
    {
        int count = checked(shardCount * names.Length);
        ulong[] scores = new ulong[count];
        int[] pairs = new int[count];
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        for (int silo = 0; silo < names.Length; silo++)
        {
            long seed = (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(names[silo]));
            for (int shard = 0; shard < shardCount; shard++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(bytes, shard);
                int pair = (shard * names.Length) + silo;
                pairs[pair] = pair;
                scores[pair] = XxHash3.HashToUInt64(bytes, seed);
            }
        }

        return (scores, pairs);
    }
}
