using Granary.Benchmarks.Load;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Clients;

namespace Granary.Benchmarks.Scenarios.Cluster;

/// <summary>The options of <c>cluster</c> or <c>cluster replicas</c>, read.</summary>
internal sealed record ClusterSettings
{
    /// <summary>The first is what the others are compared with.</summary>
    public required IReadOnlyList<ClusterSetup> Clusters { get; init; }

    public required PeerSettings PeerSettings { get; init; }

    /// <summary>Depths at the memcached port; empty if it is not measured.</summary>
    public required int[] Pipelines { get; init; }

    /// <summary>What is asked through the .NET client; empty if it is not measured.</summary>
    public required Workload[] Workloads { get; init; }

    public required int Connections { get; init; }

    public required int LoadThreads { get; init; }

    public required GetSetRatio Ratio { get; init; }

    /// <summary>At the memcached port.</summary>
    public KeyDistribution Distribution { get; init; }

    public required int Keys { get; init; }

    public required int ValueBytes { get; init; }

    public required TimeSpan Warmup { get; init; }

    public required TimeSpan Duration { get; init; }

    public required int Rounds { get; init; }

    public FileInfo? Csv { get; init; }
}
