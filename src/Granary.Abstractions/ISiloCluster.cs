namespace Granary;

/// <summary>The cluster, for the client of an application that is a silo of it. Thread-safe.</summary>
public interface ISiloCluster
{
    /// <summary>
    /// The cluster as clients see it, but for <see cref="ServedSilo.Service"/>: that of this silo is called without a message,
    /// those of the others with one.
    /// </summary>
    ValueTask<ServedMap> GetMapAsync();

    /// <summary>Which silo holds a shard, with its end point as in the map.</summary>
    ValueTask<ServedSilo> LocateAsync(int shard);
}
