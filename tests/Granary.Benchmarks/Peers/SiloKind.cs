namespace Granary.Benchmarks.Peers;

/// <summary>How a silo is run, and who reads all the time what it tells of itself: what that costs.</summary>
/// <param name="Name">The peer's.</param>
/// <param name="Arguments">What the silo is told.</param>
/// <param name="Paths">What somebody reads of its HTTP port every second.</param>
internal sealed record SiloKind(string Name, string[] Arguments, string[] Paths)
{
    /// <summary>As it comes: the Orleans dashboard is there, and nobody looks.</summary>
    public static SiloKind Plain { get; } = new("granary", [], []);

    /// <summary>Without the Orleans dashboard.</summary>
    public static SiloKind Bare { get; } = new("granary-bare", ["--dashboard", "false"], []);

    /// <summary>By a Prometheus.</summary>
    public static SiloKind Scraped { get; } = new("granary-scraped", [], ["metrics"]);

    /// <summary>By a Prometheus and an open page of the Orleans dashboard, which reads these.</summary>
    public static SiloKind Open { get; } =
        new("granary-watched", [], ["metrics", "dashboard/DashboardCounters", "dashboard/ClusterStats"]);

    /// <summary>With a namespace that has all keys of the load, and a quota that they do not reach.</summary>
    public static SiloKind Namespaced { get; } = new("granary-namespaces", ["--namespaces", "key=512MiB,other=1MiB,third"], []);

    public static SiloKind[] All { get; } = [Plain, Bare, Scraped, Open, Namespaced];
}
