using System.Globalization;
using k8s.Models;

namespace Granary.DeploymentTests.Manifests;

/// <summary>What holds for every pod, the database's as well.</summary>
public sealed class PodTests
{
    [Theory]
    [InlineData(Overlay.Dev)]
    [InlineData(Overlay.Production)]
    public async Task Pods_OfAnOverlay_HaveNoRightsAsync(string name)
    {
        foreach (V1PodSpec pod in await PodsAsync(name))
        {
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.NotEqual(0, pod.SecurityContext.RunAsUser ?? 0);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            foreach (V1SecurityContext container in pod.Containers.Select(container => container.SecurityContext))
            {
                Assert.False(container.AllowPrivilegeEscalation);
                Assert.True(container.ReadOnlyRootFilesystem);
                Assert.Equal(["ALL"], container.Capabilities.Drop);
                Assert.Null(container.Capabilities.Add);
            }
        }
    }

    [Theory]
    [InlineData(Overlay.Dev)]
    [InlineData(Overlay.Production)]
    public async Task Containers_OfAnOverlay_HaveAllTheirMemoryForCertainAsync(string name)
    {
        foreach (V1ResourceRequirements resources in (await PodsAsync(name))
            .SelectMany(pod => pod.Containers)
            .Select(container => container.Resources))
        {
            Assert.Equal(resources.Requests["memory"].ToInt64(), resources.Limits["memory"].ToInt64());
            Assert.True(resources.Requests.ContainsKey("cpu"));
            Assert.False(resources.Limits.ContainsKey("cpu"));
        }
    }

    [Theory]
    [InlineData(Overlay.Dev)]
    [InlineData(Overlay.Production)]
    public async Task Containers_OfAnOverlay_NameOnlyVolumesAndPortsThatThereAreAsync(string name)
    {
        foreach (V1PodSpec pod in await PodsAsync(name))
        {
            string[] volumes = [.. pod.Volumes.Select(volume => volume.Name)];
            foreach (V1Container container in pod.Containers)
            {
                Assert.Equivalent(volumes, container.VolumeMounts.Select(mount => mount.Name), strict: true);
                string[] ports = [.. container.Ports.Select(port => port.Name)];
                V1Probe?[] probes = [container.StartupProbe, container.ReadinessProbe, container.LivenessProbe];
                Assert.All(
                    probes.OfType<V1Probe>(),
                    probe =>
                    {
                        Assert.True(probe.TimeoutSeconds >= 2, "A pause of a garbage collection is not a failure.");
                        Assert.True(probe.HttpGet is null || ports.Contains(probe.HttpGet.Port.Value));
                    });
            }
        }
    }

    [Theory]
    [InlineData(Overlay.Dev)]
    [InlineData(Overlay.Production)]
    public async Task Containers_OfAnOverlay_RunAnImageWithAVersionAsync(string name)
    {
        foreach (V1Container container in (await PodsAsync(name)).SelectMany(pod => pod.Containers))
        {
            string tag = container.Image.Split(':')[1];
            Assert.True(char.IsAsciiDigit(tag[0]), string.Create(CultureInfo.InvariantCulture, $"'{container.Image}'"));
        }
    }

    private static async Task<V1PodSpec[]> PodsAsync(string name) =>
        [.. (await Overlay.RenderAsync(name)).All<V1Deployment>().Select(deployment => deployment.Spec.Template.Spec)];
}
