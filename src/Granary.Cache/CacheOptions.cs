using System.ComponentModel.DataAnnotations;
using Granary.Cache.Copies;
using Granary.Store.Entries;

namespace Granary.Cache;

/// <summary>The cache of one silo. Validated at start.</summary>
public sealed class CacheOptions
{
    /// <summary>Memory this silo's cache may hold, index and headers included. Bytes. Default 1 GiB.</summary>
    [Range(8L << 20, 1L << 44)]
    public long MemoryLimitBytes { get; set; } = 1L << 30;

    /// <summary>Which entries leave when there is no room. Default <see cref="EvictionPolicy.Lru"/>.</summary>
    public EvictionPolicy Eviction { get; set; }

    /// <summary>Longest value. Bytes. Default 1 MiB, memcached's <c>-I</c>; at most half of the memory limit.</summary>
    [Range(1024, 128 << 20)]
    public int MaxValueBytes { get; set; } = 1 << 20;

    /// <summary>Into how many shards the key space is divided: the same on all silos, for the life of the cluster.
    /// Default 256.</summary>
    [Range(1, 65_536)]
    public int ShardCount { get; set; } = 256;

    /// <summary>
    /// Keys that are counted by themselves, kept under quotas, and dropped as one: the same on all silos. Default none.
    /// </summary>
    public IReadOnlyList<StoreNamespace> Namespaces { get; set; } = [];

    /// <summary>Replicas of each shard, and when a change is answered. Default none.</summary>
    public ReplicaMode Replicas { get; set; } = ReplicaMode.None;

    /// <summary>
    /// Whether a silo keeps copies of other silos' entries that its memcached clients read often, and answers with them: what it
    /// answers may then be old, some 20 ms in peace and a second at most. Default no.
    /// </summary>
    public bool HotCopies { get; set; }

    /// <summary>How long a silo that leaves may take to hand its shards over, or to save them. Default 90 s.</summary>
    public TimeSpan HandOffTime { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// How long a silo that has joined may wait, before it is ready, for the shards that it is to hold. Default 300 s.
    /// </summary>
    public TimeSpan TakeOverTime { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>
    /// The file in which a silo that is stopped, and is the last of its cluster, leaves its entries for the next start.
    /// A full path; default none.
    /// </summary>
    public string? SaveFile { get; set; }
}
