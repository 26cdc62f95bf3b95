using System.Collections.Frozen;

namespace Granary.Cache.Membership;

/// <summary>The active silos at one membership version, and the map over those that do not drain.</summary>
internal sealed class ViewSnapshot
{
    // Membership versions in the high bits, so that a silo that begins to drain makes a newer map as well.
    private const int DrainingBits = 10;

    private readonly FrozenSet<SiloAddress> _members;
    private readonly SiloAddress[] _owners;
    private readonly FrozenDictionary<string, SiloAddress> _silos;

    /// <param name="membershipVersion">Of Orleans' membership.</param>
    /// <param name="shardCount">Shards of the cluster.</param>
    /// <param name="silos">The active silos that do not drain, by name.</param>
    /// <param name="draining">The active silos that do.</param>
    public ViewSnapshot(
        long membershipVersion,
        int shardCount,
        FrozenDictionary<string, SiloAddress> silos,
        IReadOnlyCollection<SiloAddress> draining)
    {
        MembershipVersion = membershipVersion;
        Version = (membershipVersion << DrainingBits) + Math.Min(draining.Count, (1 << DrainingBits) - 1);
        Map = new ClusterMap(shardCount, silos.Keys);
        Silos = [.. Map.SiloNames.Select(name => silos[name])];
        Members = [.. Silos, .. draining];
        _members = Members.ToFrozenSet();
        _silos = silos;
        _owners = new SiloAddress[shardCount];
        for (int shard = 0; shard < shardCount && Silos.Length > 0; shard++)
        {
            _owners[shard] = Silos[Map.OwnerOf(shard)];
        }
    }

    /// <summary>The version of Orleans' membership.</summary>
    public long MembershipVersion { get; }

    /// <summary>Grows with every change of the map on this silo.</summary>
    public long Version { get; }

    public ClusterMap Map { get; }

    /// <summary>The silos that own shards, in the order of their names.</summary>
    public SiloAddress[] Silos { get; }

    /// <summary>The same silos by name.</summary>
    public IReadOnlyDictionary<string, SiloAddress> Owners => _silos;

    /// <summary>All active silos: those, and the ones that drain.</summary>
    public SiloAddress[] Members { get; }

    public static ViewSnapshot Empty(int shardCount) =>
        new(0, shardCount, FrozenDictionary<string, SiloAddress>.Empty, []);

    public bool IsMember(SiloAddress silo) => _members.Contains(silo);

    /// <summary>Who should hold the shard; <see langword="null"/> while no silo can.</summary>
    public SiloAddress? OwnerOf(int shard) => _owners[shard];

    /// <summary>Who should hold it if its owner were gone; <see langword="null"/> if there is no other silo.</summary>
    public SiloAddress? HeirOf(int shard) =>
        Map.HeirNameOf(shard) is { } name ? _silos[name] : null;

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
