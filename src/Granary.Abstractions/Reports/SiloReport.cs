namespace Granary.Reports;

/// <summary>What a silo tells the people who watch it. Counters are since it started; the rest is as it is now.</summary>
[GenerateSerializer, Immutable, Alias("granary.SiloReport")]
public sealed record SiloReport
{
    /// <summary>The silo's name.</summary>
    [Id(0)]
    public required string Silo { get; init; }

    /// <summary>The version of its program.</summary>
    [Id(1)]
    public required string Version { get; init; }

    /// <summary>How long it has run, by the clock that cannot be set.</summary>
    [Id(2)]
    public required TimeSpan Uptime { get; init; }

    /// <summary>When it made this report, by its own clock.</summary>
    [Id(3)]
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether clients may be sent there.</summary>
    [Id(4)]
    public required bool IsReady { get; init; }

    /// <summary>Shards that it serves.</summary>
    [Id(5)]
    public required int[] OpenShards { get; init; }

    /// <summary>Those of them that are on their way to another silo.</summary>
    [Id(6)]
    public required int[] MovingShards { get; init; }

    /// <summary>Those of them whose replica is not complete; none without replicas.</summary>
    [Id(7)]
    public required int[] UnprotectedShards { get; init; }

    /// <summary>How writes are replicated: none, sync or async.</summary>
    [Id(8)]
    public required string Replicas { get; init; }

    /// <summary>What of the moving shards has not left yet; an estimate. Bytes.</summary>
    [Id(9)]
    public required long MovingBytesLeft { get; init; }

    /// <summary>What the cache has done.</summary>
    [Id(10)]
    public required CacheCounters Counters { get; init; }

    /// <summary>Entries of its shards.</summary>
    [Id(11)]
    public required long Entries { get; init; }

    /// <summary>Keys, values and headers of those. Bytes.</summary>
    [Id(12)]
    public required long EntryBytes { get; init; }

    /// <summary>Entries that it keeps for shards of other silos.</summary>
    [Id(13)]
    public required long CopyEntries { get; init; }

    /// <summary>Keys, values and headers of those. Bytes.</summary>
    [Id(14)]
    public required long CopyBytes { get; init; }

    /// <summary>Memory taken from the budget, index included. Bytes.</summary>
    [Id(15)]
    public required long UsedBytes { get; init; }

    /// <summary>The budget. Bytes.</summary>
    [Id(16)]
    public required long BudgetBytes { get; init; }

    /// <summary>How long ago what is evicted now was last used; <see langword="null"/> if nothing is.</summary>
    [Id(17)]
    public required TimeSpan? EvictionAge { get; init; }

    /// <summary>Memory of the whole process. Bytes.</summary>
    [Id(18)]
    public required long ResidentBytes { get; init; }

    /// <summary>Processor time of the whole process since it started.</summary>
    [Id(19)]
    public required TimeSpan ProcessorTime { get; init; }

    /// <summary>Full garbage collections since it started.</summary>
    [Id(20)]
    public required int FullCollections { get; init; }

    /// <summary>Silos that it reaches only through others.</summary>
    [Id(21)]
    public required int CutOffSilos { get; init; }

    /// <summary>The greatest difference between its clock and another silo's.</summary>
    [Id(22)]
    public required TimeSpan ClockSkew { get; init; }

    /// <summary>How long its own operations took: counts by <see cref="LatencyBuckets"/>, of a sample.</summary>
    [Id(23)]
    public required long[] LocalLatency { get; init; }

    /// <summary>How long operations took that other silos executed for it: counts by <see cref="LatencyBuckets"/>.</summary>
    [Id(24)]
    public required long[] ForwardedLatency { get; init; }

    /// <summary>Its keys that are used most, the hottest first.</summary>
    [Id(25)]
    public required HotKey[] HotKeys { get; init; }

    /// <summary>Operations on its shards per second, as <see cref="HotKeys"/> are estimated.</summary>
    [Id(26)]
    public required double SampledOperationsPerSecond { get; init; }

    /// <summary>The last operations that took long, the latest first.</summary>
    [Id(27)]
    public required SlowOperation[] SlowOperations { get; init; }

    /// <summary>What it has seen to happen, the latest first.</summary>
    [Id(28)]
    public required ClusterEvent[] Events { get; init; }

    /// <summary>Memcached clients that are connected.</summary>
    [Id(29)]
    public int MemcachedConnections { get; init; }

    /// <summary>Queues with partitions or receivers there, if asked for.</summary>
    [Id(30)]
    public QueueReport[] Queues { get; init; } = [];

    /// <summary>Why it cannot tell of its queues; <see langword="null"/> if it can.</summary>
    [Id(31)]
    public string? QueuesUnavailable { get; init; }

    /// <summary>Samples of the last hour, the oldest first, if asked for.</summary>
    [Id(32)]
    public HistorySample[] History { get; init; } = [];

    /// <summary>What operators did through this silo, the latest first, if asked for.</summary>
    [Id(33)]
    public AuditEntry[] Audit { get; init; } = [];

    /// <summary>The shards that the map gives to it.</summary>
    [Id(34)]
    public required int ExpectedShards { get; init; }

    /// <summary>How long changes waited for their replicas: counts by <see cref="LatencyBuckets"/>, of a sample.</summary>
    [Id(35)]
    public long[] ReplicatedLatency { get; init; } = new long[LatencyBuckets.Count];

    /// <summary>Its namespaces; none of builds that have none.</summary>
    [Id(36)]
    public NamespaceReport[] Namespaces { get; init; } = [];
}
