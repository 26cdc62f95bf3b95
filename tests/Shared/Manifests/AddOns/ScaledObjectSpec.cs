namespace Granary.Tests.Shared.Manifests.AddOns;

/// <summary>What is scaled, and by what.</summary>
internal sealed class ScaledObjectSpec
{
    public Dictionary<string, string> ScaleTargetRef { get; set; } = [];

    public int MinReplicaCount { get; set; }

    public int MaxReplicaCount { get; set; }

    public int PollingInterval { get; set; }

    public List<ScaleTrigger> Triggers { get; set; } = [];

    public Dictionary<string, object> Fallback { get; set; } = [];

    public Dictionary<string, object> Advanced { get; set; } = [];
}
