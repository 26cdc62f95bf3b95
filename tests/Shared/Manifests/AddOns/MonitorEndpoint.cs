using k8s.Models;

namespace Granary.Tests.Shared.Manifests.AddOns;

/// <summary>Where and how often.</summary>
internal sealed class MonitorEndpoint
{
    public string Port { get; set; } = "";

    public string Path { get; set; } = "";

    public string Scheme { get; set; } = "";

    public MonitorTls TlsConfig { get; set; } = new();

    public Dictionary<string, V1SecretKeySelector> Authorization { get; set; } = [];

    public string Interval { get; set; } = "";

    public string ScrapeTimeout { get; set; } = "";
}
