namespace Granary.Administration.State;

/// <summary>A cluster, as it is shown.</summary>
public sealed record ClusterState
{
    /// <summary>When. UTC milliseconds.</summary>
    public required long Time { get; init; }

    /// <summary>What holds for all of it.</summary>
    public required ClusterSummary Cluster { get; init; }

    /// <summary>What is wrong, the most severe first. Empty: nothing is.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>By name.</summary>
    public required IReadOnlyList<SiloState> Silos { get; init; }

    /// <summary>Who has which shard.</summary>
    public required ShardStates Shards { get; init; }

    /// <summary>The keys that are used most, the hottest first.</summary>
    public required IReadOnlyList<HotKeyState> HotKeys { get; init; }

    /// <summary>What is counted by itself, by name; none if no silo was told of any.</summary>
    public IReadOnlyList<NamespaceState> Namespaces { get; init; } = [];

    /// <summary>Operations that took long, the latest first.</summary>
    public required IReadOnlyList<SlowOperationState> Slow { get; init; }

    /// <summary>What has happened, the latest first.</summary>
    public required IReadOnlyList<HappenedState> Happened { get; init; }
}
