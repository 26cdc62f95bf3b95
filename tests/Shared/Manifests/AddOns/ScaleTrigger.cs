namespace Granary.Tests.Shared.Manifests.AddOns;

/// <summary>By what something is scaled.</summary>
internal sealed class ScaleTrigger
{
    public string Type { get; set; } = "";

    public string MetricType { get; set; } = "";

    public Dictionary<string, string> Metadata { get; set; } = [];

    public Dictionary<string, string> AuthenticationRef { get; set; } = [];
}
