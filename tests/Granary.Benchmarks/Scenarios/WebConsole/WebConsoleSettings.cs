namespace Granary.Benchmarks.Scenarios.WebConsole;

/// <summary>What <c>console</c> measures.</summary>
internal sealed record WebConsoleSettings
{
    /// <summary>So long each page is open.</summary>
    public required TimeSpan TimeOnPage { get; init; }

    /// <summary>Each has a silo of its own, which nobody has asked for its console.</summary>
    public required int Rounds { get; init; }

    /// <summary>Where playwright-core is.</summary>
    public required DirectoryInfo Packages { get; init; }
}
