using k8s.Models;

namespace Granary.DeploymentTests.Manifests;

/// <summary>Whether an API server would take an overlay as it is.</summary>
public sealed class OverlayTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(Overlay.Dev)]
    [InlineData(Overlay.Production)]
    [InlineData(Overlay.Autoscaled)]
    public async Task Overlay_AgainstTheSchemasOfKubernetes_IsValidAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);
        string packages = NodePackages.Locate("kubernetes-models", "js-yaml");
        string script = Path.Combine(AppContext.BaseDirectory, "Manifests/validate.mjs");
        string folder = ChildProcess.CreateFolder();
        string file = Path.Combine(folder, "overlay.yaml");
        await File.WriteAllTextAsync(file, overlay.Text);

        await using ChildProcess node = ChildProcess.Start(
            "node", folder, RequiredProgram.Locate("node"), [script, packages, file]);
        int exitCode = await node.WaitForExitAsync(Deadline);

        Assert.True(exitCode == 0, $"{node.Output}");
        Assert.Equal($"{overlay.Objects.Count} objects", node.Output.Lines()[^1]);
    }

    [Theory]
    [InlineData(Overlay.Dev, "granary-dev")]
    [InlineData(Overlay.Production, "granary")]
    [InlineData(Overlay.Autoscaled, "granary")]
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
    public async Task Objects_OfAnOverlay_CarryTheNameLabelAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);

        Assert.All(
            overlay.Objects, item => Assert.Equal("granary", item.Metadata.Labels["app.kubernetes.io/name"]));
    }
}
