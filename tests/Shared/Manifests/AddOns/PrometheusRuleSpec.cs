namespace Granary.Tests.Shared.Manifests.AddOns;

/// <summary>The groups of rules.</summary>
internal sealed class PrometheusRuleSpec
{
    public List<RuleGroup> Groups { get; set; } = [];
}
