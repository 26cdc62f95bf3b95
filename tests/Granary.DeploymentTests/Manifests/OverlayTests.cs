using k8s.Models;

namespace Granary.DeploymentTests.Manifests;

/// <summary>Whether an API server would take an overlay as it is.</summary>
public sealed class OverlayTests
{
    [Theory]
    [InlineData(Overlay.Dev)]
    [InlineData(Overlay.Production)]
    [InlineData(Overlay.Autoscaled)]
    [InlineData(Overlay.Monitored)]
    public async Task Overlay_AgainstTheSchemasOfKubernetes_IsValidAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);

        string last = await NodePackages.RunAsync("validate.mjs", overlay.Text);

        Assert.Equal($"{overlay.Objects.Count} objects", last);
    }

    [Theory]
    [InlineData(Overlay.Dev, "granary-dev")]
    [InlineData(Overlay.Production, "granary")]
    [InlineData(Overlay.Autoscaled, "granary")]
    [InlineData(Overlay.Monitored, "granary")]
    public async Task Objects_OfAnOverlay_AreInItsRestrictedNamespaceAsync(string name, string expected)
    {
        Overlay overlay = await Overlay.RenderAsync(name);

        V1Namespace space = Assert.Single(overlay.All<V1Namespace>());
        Assert.Equal(expected, space.Metadata.Name);
        Assert.Equal("restricted", space.Metadata.Labels["pod-security.kubernetes.io/enforce"]);
        Assert.All(
            overlay.Objects.Where(item => item is not V1Namespace),
            item => Assert.Equal(expected, item.Metadata.NamespaceProperty));
    }

    [Theory]
    [InlineData(Overlay.Dev)]
    [InlineData(Overlay.Production)]
    [InlineData(Overlay.Autoscaled)]
    [InlineData(Overlay.Monitored)]
    public async Task Objects_OfAnOverlay_CarryTheNameLabelAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);

        Assert.All(
            overlay.Objects, item => Assert.Equal("granary", item.Metadata.Labels["app.kubernetes.io/name"]));
    }
}
