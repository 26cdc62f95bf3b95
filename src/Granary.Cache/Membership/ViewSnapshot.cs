using System.Collections.Frozen;

namespace Granary.Cache.Membership;

/// <summary>The active silos at one membership version, and the map over them.</summary>
internal sealed class ViewSnapshot
{
    private readonly SiloAddress[] _owners;

    public ViewSnapshot(long version, int shardCount, FrozenDictionary<string, SiloAddress> silos)
    {
        Version = version;
        Map = new ClusterMap(shardCount, silos.Keys);
        Silos = [.. Map.SiloNames.Select(name => silos[name])];
        _owners = new SiloAddress[shardCount];
        for (int shard = 0; shard < shardCount && Silos.Length > 0; shard++)
        {
            _owners[shard] = Silos[Map.OwnerOf(shard)];
        }
    }

    public long Version { get; }

    public ClusterMap Map { get; }

    /// <summary>In the order of their names.</summary>
    public SiloAddress[] Silos { get; }

    public static ViewSnapshot Empty(int shardCount) =>
        new(0, shardCount, FrozenDictionary<string, SiloAddress>.Empty);

    /// <summary>Who should hold the shard; <see langword="null"/> while no silo is active.</summary>
    public SiloAddress? OwnerOf(int shard) => _owners[shard];

    /// <summary>The shards that a silo should hold.</summary>
    public IReadOnlyList<int> ShardsOf(SiloAddress silo)
    {
        var shards = new List<int>();
        for (int shard = 0; shard < _owners.Length; shard++)
        {
            if (silo.Equals(_owners[shard]))
            {
                shards.Add(shard);
            }
        }

        return shards;
    }
}
