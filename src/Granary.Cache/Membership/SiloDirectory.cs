using System.Collections.Concurrent;
using Granary.Cache.Shards;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Granary.Cache.Membership;

/// <summary>What the silos say of themselves, asked once each: the source of the map that clients get.</summary>
internal sealed class SiloDirectory(
    ClusterView view, ShardLocator locator, IOptions<CacheOptions> options, ILogger<SiloDirectory> logger)
{
    private readonly ConcurrentDictionary<SiloAddress, SiloDescription> _known = new();

    public SiloDescription Self =>
        new(view.DescribeSelf(), options.Value.ShardCount, options.Value.MaxValueBytes);

    /// <summary>The map for clients. A silo that does not answer is left out of it for now.</summary>
    /// <remarks>
    /// One that drains is in it until it stops: Orleans' client closes the connection to a gateway that is in the list no
    /// more, and the answers under way are lost.
    /// </remarks>
    public async ValueTask<ServedMap> GetMapAsync()
    {
        ViewSnapshot snapshot = view.Current;
        SiloDescription?[] descriptions = await Task.WhenAll(snapshot.Silos
            .Union(view.Draining.Where(snapshot.IsMember))
            .Select(DescribeAsync));
        Forget(snapshot);
        ServedSilo[] silos = [.. descriptions.OfType<SiloDescription>()
            .Select(description => description.Silo)
            .OrderBy(silo => silo.Name, StringComparer.Ordinal)
            .Select(silo => silo with { Draining = !snapshot.Silos.Contains(silo.Address) })];
        return new ServedMap
        {
            ViewVersion = snapshot.Version,
            ShardCount = options.Value.ShardCount,
            MaxValueBytes = options.Value.MaxValueBytes,
            Silos = silos,
            Displaced = [.. DisplacedOf(snapshot, silos)],
        };
    }

    /// <summary>Asks a silo who it is now.</summary>
    /// <returns><see langword="null"/> if it does not answer.</returns>
    public async Task<SiloDescription?> AskAsync(SiloAddress silo)
    {
        try
        {
            return await view.ServiceOf(silo).DescribeAsync();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            logger.SiloDoesNotAnswer(silo, exception);
            return null;
        }
    }

    private async Task<SiloDescription?> DescribeAsync(SiloAddress silo)
    {
        if (silo.Equals(view.Self))
        {
            return Self;
        }

        if (_known.TryGetValue(silo, out SiloDescription? known))
        {
            return known;
        }

        SiloDescription? description = await AskAsync(silo);
        if (description is not null)
        {
            _known[silo] = description;
        }

        return description;
    }

    private IEnumerable<DisplacedShard> DisplacedOf(ViewSnapshot snapshot, ServedSilo[] silos)
    {
        for (int shard = 0; shard < options.Value.ShardCount; shard++)
        {
            SiloAddress? holder = locator.HolderOf(shard, snapshot);
            if (holder is not null && !holder.Equals(snapshot.OwnerOf(shard)))
            {
                int silo = Array.FindIndex(silos, candidate => candidate.Address.Equals(holder));
                if (silo >= 0)
                {
                    yield return new DisplacedShard(shard, silo);
                }
            }
        }
    }

    private void Forget(ViewSnapshot snapshot)
    {
        foreach (SiloAddress silo in _known.Keys)
        {
            if (!snapshot.IsMember(silo))
            {
                _known.TryRemove(silo, out _);
            }
        }
    }
}
