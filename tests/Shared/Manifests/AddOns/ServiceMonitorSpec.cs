using k8s.Models;

namespace Granary.Tests.Shared.Manifests.AddOns;

/// <summary>What is scraped.</summary>
internal sealed class ServiceMonitorSpec
{
    public string JobLabel { get; set; } = "";

    public V1LabelSelector Selector { get; set; } = new();

    public List<MonitorEndpoint> Endpoints { get; set; } = [];

    public int SampleLimit { get; set; }
}
