using Granary.Benchmarks.Peers;

namespace Granary.Benchmarks.Scenarios.Churn;

/// <summary>The options of <c>churn</c>, read.</summary>
internal sealed record ChurnSettings
{
    public required string[] Peers { get; init; }

    public required PeerSettings PeerSettings { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Operations a second on each server: half are gets, half are sets.</summary>
    public required int Rate { get; init; }

    /// <summary>Keys that are written again and read: the newest so many.</summary>
    public required int Window { get; init; }

    /// <summary>The longest value. Bytes.</summary>
    public required int MaxValueBytes { get; init; }
}
