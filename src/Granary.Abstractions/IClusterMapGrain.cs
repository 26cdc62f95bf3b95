namespace Granary;

/// <summary>Serves the map to clients; any silo answers for itself. Its key is 0.</summary>
[Alias("granary.IClusterMapGrain")]
public interface IClusterMapGrain : IGrainWithIntegerKey
{
    /// <summary>The cluster as the answering silo sees it.</summary>
    [Alias("GetMap"), ResponseTimeout("00:00:05")]
    ValueTask<ServedMap> GetMapAsync();
}
