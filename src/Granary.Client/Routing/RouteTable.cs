using Granary.Client.Merging;

namespace Granary.Client.Routing;

/// <summary>Which link leads to a key's owner, by one served map. Immutable.</summary>
internal sealed class RouteTable
{
    private readonly ClusterMap _clusterMap;
    private readonly SiloLink[] _links;
    private readonly int[] _linkOfShard;

    /// <summary>Computes the table.</summary>
    /// <param name="map">What a silo served.</param>
    /// <param name="previous">The table before, whose owners are taken over if the silos are the same.</param>
    /// <param name="linkTo">Finds or makes the link to a silo that has a gateway.</param>
    public RouteTable(ServedMap map, RouteTable? previous, Func<ServedSilo, SiloLink> linkTo)
    {
        Map = map;

        // A silo that was restarted may be there twice for a moment; the new one counts.
        ServedSilo[] owners = [.. map.Silos
            .Where(silo => !silo.Draining)
            .OrderByDescending(silo => silo.Address.Generation)
            .DistinctBy(silo => silo.Name, StringComparer.Ordinal)
            .OrderBy(silo => silo.Name, StringComparer.Ordinal)];
        _clusterMap = ClusterMapOf(map.ShardCount, [.. owners.Select(silo => silo.Name)], previous?._clusterMap);
        IEnumerable<ServedSilo> holders = map.Displaced.Select(displaced => map.Silos[displaced.Silo]);
        ServedSilo[] reachable = [.. owners.UnionBy(holders, static silo => silo.Address).Where(silo => silo.Service is not null)];
        if (reachable.Length == 0)
        {
            // A draining silo still forwards, which beats waiting.
            reachable = [.. map.Silos.Where(silo => silo.Service is not null)];
        }

        _links = [.. reachable.Select(linkTo)];
        _linkOfShard = new int[map.ShardCount];
        for (int shard = 0; _links.Length > 0 && shard < _linkOfShard.Length; shard++)
        {
            int owner = _clusterMap.OwnerOf(shard);
            int link = owner < 0 ? -1 : Array.IndexOf(reachable, owners[owner]);

            // An owner without a gateway is reached through another silo, which forwards.
            _linkOfShard[shard] = link >= 0 ? link : shard % _links.Length;
        }

        foreach (DisplacedShard displaced in map.Displaced)
        {
            int link = Array.IndexOf(reachable, map.Silos[displaced.Silo]);
            if (link >= 0)
            {
                _linkOfShard[displaced.Shard] = link;
            }
        }
    }

    public ServedMap Map { get; }

    public ReadOnlySpan<SiloLink> Links => _links;

    /// <summary>Whether every silo can take more, and there is one.</summary>
    public bool AllHaveRoom => _links.Length > 0 && Array.TrueForAll(_links, static link => link.HasRoom);

    /// <summary>The index of the link for a key, or -1 if no silo can be reached.</summary>
    /// <remarks>While the owner's silo is suspect it is the next one's, which forwards.</remarks>
    public int LinkIndex(ReadOnlySpan<byte> key, long now)
    {
        if (_links.Length == 0)
        {
            return -1;
        }

        int owner = _linkOfShard[ShardHash.ShardOf(key, _linkOfShard.Length)];
        int index = owner;
        while (_links[index].SuspectUntil > now)
        {
            index = index + 1 == _links.Length ? 0 : index + 1;
            if (index == owner)
            {
                break; // all are suspect: as good as none
            }
        }

        return index;
    }

    private static ClusterMap ClusterMapOf(int shardCount, string[] names, ClusterMap? previous) =>
        previous?.ShardCount == shardCount && previous.SiloNames.SequenceEqual(names, StringComparer.Ordinal)
            ? previous
            : new ClusterMap(shardCount, names);
}
