using k8s.Models;

namespace Granary.Tests.Shared.Manifests.AddOns;

/// <summary>Whose certificate a scraped server has to show.</summary>
internal sealed class MonitorTls
{
    public string ServerName { get; set; } = "";

    public Dictionary<string, V1SecretKeySelector> Ca { get; set; } = [];
}
