using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Memory;

/// <summary>The options of <c>memory</c>, read.</summary>
internal sealed record MemorySettings
{
    public required string[] Peers { get; init; }

    public required PeerSettings PeerSettings { get; init; }

    public required EntryShape[] Shapes { get; init; }

    /// <summary>Entries at each reading, rising.</summary>
    public required int[] Entries { get; init; }

    public FileInfo? Csv { get; init; }

    /// <summary>Where pictures go.</summary>
    public DirectoryInfo? Plots { get; init; }
}
