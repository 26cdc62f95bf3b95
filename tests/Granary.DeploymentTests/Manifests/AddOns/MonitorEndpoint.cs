namespace Granary.DeploymentTests.Manifests.AddOns;

/// <summary>Where and how often.</summary>
internal sealed class MonitorEndpoint
{
    public string Port { get; set; } = "";

    public string Path { get; set; } = "";

    public string Interval { get; set; } = "";

    public string ScrapeTimeout { get; set; } = "";
}
