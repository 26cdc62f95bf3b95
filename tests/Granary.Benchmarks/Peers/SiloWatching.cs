namespace Granary.Benchmarks.Peers;

/// <summary>What a silo tells of itself while it is measured, and who reads it all the time: what that costs.</summary>
/// <param name="Name">The peer's.</param>
/// <param name="Arguments">What the silo is told.</param>
/// <param name="Paths">What somebody reads of its HTTP port every second.</param>
internal sealed record SiloWatching(string Name, string[] Arguments, string[] Paths)
{
    /// <summary>As it comes: the Orleans dashboard is there, and nobody looks.</summary>
    public static SiloWatching None { get; } = new("granary", [], []);

    /// <summary>Without the Orleans dashboard.</summary>
    public static SiloWatching Bare { get; } = new("granary-bare", ["--dashboard", "false"], []);

    /// <summary>By a Prometheus.</summary>
    public static SiloWatching Scraped { get; } = new("granary-scraped", [], ["metrics"]);

    /// <summary>By a Prometheus and an open page of the Orleans dashboard, which reads these.</summary>
    public static SiloWatching Open { get; } =
        new("granary-watched", [], ["metrics", "dashboard/DashboardCounters", "dashboard/ClusterStats"]);

    public static SiloWatching[] All { get; } = [None, Bare, Scraped, Open];
}
