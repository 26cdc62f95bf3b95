using System.Globalization;
using k8s.Models;

namespace Granary.DeploymentTests.Manifests;

/// <summary>What one object says of another: a selector that finds no pod is valid for Kubernetes.</summary>
public sealed class WiringTests
{
    private static readonly string[] Overlays = [Overlay.Dev, Overlay.Production, Overlay.Autoscaled, Overlay.Monitored];

    public static TheoryData<string> Names => [.. Overlays];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Selectors_OfAnOverlay_FindPodsAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);
        IEnumerable<IDictionary<string, string>> selectors =
        [
            .. overlay.All<V1Service>().Select(service => service.Spec.Selector),
            .. overlay.All<V1PodDisruptionBudget>().Select(budget => budget.Spec.Selector.MatchLabels),
            .. overlay.All<V1NetworkPolicy>().Select(policy => policy.Spec.PodSelector.MatchLabels),
            .. overlay.All<V1NetworkPolicy>()
                .SelectMany(policy => policy.Spec.Ingress)
                .SelectMany(rule => rule.FromProperty)
                .Where(peer => peer.NamespaceSelector is null)
                .Select(peer => peer.PodSelector.MatchLabels),
        ];

        Assert.All(selectors, selector => Assert.Single(PodsOf(overlay, selector)));
        Assert.All(overlay.All<V1Deployment>(), deployment =>
        {
            AssertSelects(deployment, deployment.Spec.Selector.MatchLabels);
            Assert.All(
                deployment.Spec.Template.Spec.TopologySpreadConstraints ?? [],
                spread => AssertSelects(deployment, spread.LabelSelector.MatchLabels));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Services_OfAnOverlay_LeadToPortsOfTheirPodsAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);

        foreach (V1Service service in overlay.All<V1Service>())
        {
            V1Deployment pods = Assert.Single(PodsOf(overlay, service.Spec.Selector));
            V1ServicePort port = Assert.Single(service.Spec.Ports);
            V1ContainerPort target = Assert.Single(
                pods.Spec.Template.Spec.Containers.Single().Ports,
                candidate => candidate.Name == port.TargetPort.Value);
            Assert.Equal(target.ContainerPort, port.Port);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Pods_OfAnOverlay_AreReachedOnlyByWhomThePolicyNamesAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);

        foreach (V1Deployment deployment in overlay.All<V1Deployment>())
        {
            V1NetworkPolicy policy = Assert.Single(
                overlay.All<V1NetworkPolicy>(), policy => Selects(policy.Spec.PodSelector.MatchLabels, deployment));
            Assert.Equivalent(new[] { "Ingress", "Egress" }, policy.Spec.PolicyTypes, strict: true);
            Assert.All(policy.Spec.Ingress, rule =>
            {
                Assert.NotEmpty(rule.FromProperty);
                Assert.All(rule.FromProperty, peer => Assert.NotEmpty(peer.PodSelector.MatchLabels));
            });
        }

        V1NetworkPolicy silos = overlay.Only<V1NetworkPolicy>("granary");
        Assert.Equivalent(
            overlay.Silo.Ports
                .Where(port => port.Name != "http" || name == Overlay.Monitored) // the dashboard asks nobody who he is
                .Select(port => port.ContainerPort.ToString(CultureInfo.InvariantCulture)),
            silos.Spec.Ingress.SelectMany(rule => rule.Ports).Select(port => port.Port.Value).Distinct(StringComparer.Ordinal),
            strict: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Clients_OfTheSilos_AreLetThroughByTheLabelThatTheReadmeNamesAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);
        string readme = await File.ReadAllTextAsync(
            RepositoryRoot.Combine("README.md"), TestContext.Current.CancellationToken);
        string port = overlay.Silo.Ports.Single(port => port.Name == "memcached")
            .ContainerPort.ToString(CultureInfo.InvariantCulture);

        V1NetworkPolicyIngressRule clients = Assert.Single(
            overlay.Only<V1NetworkPolicy>("granary").Spec.Ingress, rule => rule.Ports.Any(one => one.Port.Value == port));

        KeyValuePair<string, string> label = Assert.Single(Assert.Single(clients.FromProperty).PodSelector.MatchLabels);
        Assert.Contains($"`{label.Key}: \"{label.Value}\"`", readme, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Secret_OfTheClusterStore_IsThereInDevAndExpectedInProductionAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);

        V1SecretKeySelector reference = Assert.Single(
            overlay.Silo.Env, variable => variable.ValueFrom?.SecretKeyRef is not null).ValueFrom.SecretKeyRef;

        Assert.Equal("granary-cluster-store", reference.Name);
        V1Secret[] secrets = overlay.All<V1Secret>();
        Assert.Equal(name == Overlay.Dev ? 1 : 0, secrets.Length);
        Assert.All(secrets, secret => Assert.True(secret.StringData.ContainsKey(reference.Key)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Replicas_OfTheSilos_AreSetByTheManifestOrTheAutoscalerAsync(string name)
    {
        Overlay overlay = await Overlay.RenderAsync(name);

        V2HorizontalPodAutoscaler? autoscaler = overlay.All<V2HorizontalPodAutoscaler>().SingleOrDefault();

        Assert.Equal(name == Overlay.Autoscaled, autoscaler is not null);
        Assert.Equal(
            name switch { Overlay.Dev => 1, Overlay.Production or Overlay.Monitored => 3, _ => null },
            overlay.Silos.Spec.Replicas);
        if (autoscaler is not null)
        {
            Assert.Equal(overlay.Silos.Kind, autoscaler.Spec.ScaleTargetRef.Kind);
            Assert.Equal(overlay.Silos.Metadata.Name, autoscaler.Spec.ScaleTargetRef.Name);
            Assert.True(overlay.Silo.Resources.Requests.ContainsKey(autoscaler.Spec.Metrics.Single().Resource.Name));
        }
    }

    private static V1Deployment[] PodsOf(Overlay overlay, IDictionary<string, string> selector) =>
        [.. overlay.All<V1Deployment>().Where(deployment => Selects(selector, deployment))];

    private static void AssertSelects(V1Deployment deployment, IDictionary<string, string> selector) =>
        Assert.True(Selects(selector, deployment), $"{deployment.Metadata.Name} does not select its own pods.");

    private static bool Selects(IDictionary<string, string> selector, V1Deployment deployment) => selector.Count > 0
        && selector.All(label => deployment.Spec.Template.Metadata.Labels.Contains(label));
}
