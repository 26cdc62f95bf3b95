namespace Granary.Client.Routing;

/// <summary>What the client asks the cluster besides batches.</summary>
internal interface IClusterAccess
{
    ValueTask<ServedMap> GetMapAsync();

    /// <summary>Which silo holds a shard, by Orleans' directory.</summary>
    ValueTask<ServedSilo> LocateAsync(int shard);
}
