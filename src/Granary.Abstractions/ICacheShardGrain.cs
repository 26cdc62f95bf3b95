using Granary.Wire;

namespace Granary;

/// <summary>
/// One shard of the key space; its key is the shard's number. A thin shell: Orleans' directory decides through it which
/// silo holds the shard. Reads and writes go to <see cref="ICacheSiloService"/>; this is the way for those whose map
/// turned out wrong.
/// </summary>
[Alias("granary.ICacheShardGrain")]
public interface ICacheShardGrain : IGrainWithIntegerKey
{
    /// <summary>Activates the shard where the map wants it, unless it is active already.</summary>
    [Alias("EnsureActive")]
    ValueTask EnsureActiveAsync();

    /// <summary>Executes a packed batch whose keys are all of this shard.</summary>
    [Alias("Execute"), ResponseTimeout("00:00:05")]
    ValueTask<WireBytes> ExecuteAsync(WireBytes batch);

    /// <summary>Reads a page of the shard's keys.</summary>
    [Alias("Scan"), ResponseTimeout("00:00:05")]
    ValueTask<ScanReply> ScanAsync(ScanRequest request);

    /// <summary>Which silo holds the shard.</summary>
    [Alias("Locate"), ResponseTimeout("00:00:02")]
    ValueTask<ServedSilo> LocateAsync();
}
