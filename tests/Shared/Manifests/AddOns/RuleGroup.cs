namespace Granary.Tests.Shared.Manifests.AddOns;

/// <summary>Rules that are evaluated together.</summary>
internal sealed class RuleGroup
{
    public string Name { get; set; } = "";

    public List<AlertRule> Rules { get; set; } = [];
}
