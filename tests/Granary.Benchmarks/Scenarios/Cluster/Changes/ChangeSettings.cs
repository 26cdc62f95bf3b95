using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Cluster.Changes;

/// <summary>The options of <c>cluster restart</c> and <c>cluster kill</c> that they share, read.</summary>
internal sealed record ChangeSettings
{
    public required PeerSettings PeerSettings { get; init; }

    /// <summary>Stored before the first round.</summary>
    public required int Entries { get; init; }

    public required int ValueBytes { get; init; }

    public required int Rounds { get; init; }

    public FileInfo? Csv { get; init; }
}
