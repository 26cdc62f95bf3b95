namespace Granary.Administration.State;

/// <summary>A silo, as it is shown. What it has not told is <see langword="null"/>.</summary>
public sealed record SiloState
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its address for other silos.</summary>
    public required string Address { get; init; }

    /// <summary>Its address for .NET clients.</summary>
    public required string? Gateway { get; init; }

    /// <summary>Whether it takes part.</summary>
    public required SiloStateKind State { get; init; }

    /// <summary>Whether clients may be sent there.</summary>
    public bool? Ready { get; init; }

    /// <summary>When its process started. UTC milliseconds.</summary>
    public long? StartedAt { get; init; }

    /// <summary>Of its program.</summary>
    public string? Version { get; init; }

    /// <summary>That it serves.</summary>
    public int? Shards { get; init; }

    /// <summary>That the map gives to it.</summary>
    public int? ExpectedShards { get; init; }

    /// <summary>That are on their way to others.</summary>
    public int? MovingShards { get; init; }

    /// <summary>What of those has not left.</summary>
    public long? MovingBytesLeft { get; init; }

    /// <summary>How long that takes, by how fast it goes.</summary>
    public double? MovingSecondsLeft { get; init; }

    /// <summary>Whose replica is complete.</summary>
    public int? ProtectedShards { get; init; }

    /// <summary>Whose replica is not; 0 without replicas.</summary>
    public int? UnprotectedShards { get; init; }

    /// <summary>Of its shards.</summary>
    public long? Entries { get; init; }

    /// <summary>Of those.</summary>
    public long? EntryBytes { get; init; }

    /// <summary>Of other silos' shards.</summary>
    public long? CopyEntries { get; init; }

    /// <summary>Of those.</summary>
    public long? CopyBytes { get; init; }

    /// <summary>Taken from the budget.</summary>
    public long? UsedBytes { get; init; }

    /// <summary>The budget.</summary>
    public long? BudgetBytes { get; init; }

    /// <summary>How long ago what is evicted now was last used.</summary>
    public double? EvictionAgeSeconds { get; init; }

    /// <summary>Of the process.</summary>
    public long? ResidentBytes { get; init; }

    /// <summary>Cores that the process keeps busy.</summary>
    public double? CpuCores { get; init; }

    /// <summary>Full garbage collections.</summary>
    public int? Gen2Collections { get; init; }

    /// <summary>memcached clients.</summary>
    public int? MemcachedConnections { get; init; }

    /// <summary>Silos that it reaches only through others.</summary>
    public int? CutOffSilos { get; init; }

    /// <summary>To the silo whose clock differs most.</summary>
    public double? ClockSkewMilliseconds { get; init; }

    /// <summary>Per second.</summary>
    public CacheRates? Rates { get; init; }

    /// <summary>How long operations take.</summary>
    public SiloLatency? Latency { get; init; }
}
