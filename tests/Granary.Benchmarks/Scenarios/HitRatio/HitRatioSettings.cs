namespace Granary.Benchmarks.Scenarios.HitRatio;

/// <summary>The options of <c>hitratio</c>, read.</summary>
internal sealed record HitRatioSettings
{
    public required string[] Traces { get; init; }

    public required string[] Policies { get; init; }

    public required int MaxRequests { get; init; }

    public FileInfo? Csv { get; init; }

    public DirectoryInfo? Plots { get; init; }
}
