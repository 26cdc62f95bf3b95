using Granary.Wire;

namespace Granary.Client.Routing;

/// <summary>What the client asks the cluster besides batches.</summary>
internal interface IClusterAccess
{
    ValueTask<ServedMap> GetMapAsync();

    /// <summary>Which silo holds a shard, by Orleans' directory.</summary>
    ValueTask<ServedSilo> LocateAsync(int shard);

    /// <summary>A page of a shard's keys, from whoever holds it.</summary>
    ValueTask<ScanReply> ScanAsync(int shard, ScanRequest request);

    /// <summary>Drops the entries of tags, by their hashes.</summary>
    ValueTask DropTagsAsync(ulong[] tags);

    /// <summary>Drops the entries of a namespace; <see langword="false"/> if there is none of that name.</summary>
    ValueTask<bool> DropNamespaceAsync(string name);

    /// <summary>A map is in use from now on.</summary>
    void Taken(ServedMap map);

    /// <summary>The map could not be fetched: the silos may be elsewhere by now.</summary>
    void NotFetched();
}
