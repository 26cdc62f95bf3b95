using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Clients;

/// <summary>The options of <c>client</c>, read.</summary>
internal sealed record ClientsSettings
{
    public required string[] Peers { get; init; }

    public required PeerSettings PeerSettings { get; init; }

    public required CacheApi Api { get; init; }

    public required Workload[] Workloads { get; init; }

    public required int Keys { get; init; }

    public required int ValueBytes { get; init; }

    public required TimeSpan Warmup { get; init; }

    public required TimeSpan Duration { get; init; }

    public required int Rounds { get; init; }

    public FileInfo? Csv { get; init; }
}
