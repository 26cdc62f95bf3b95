using System.Collections.Concurrent;
using Granary.Tests.Shared.Manifests.AddOns;
using k8s;
using k8s.Models;

namespace Granary.Tests.Shared.Manifests;

/// <summary>An overlay of k8s/ as <c>kubectl apply -k</c> would send it: rendered once, and read strictly.</summary>
internal sealed class Overlay
{
    public const string Dev = "dev";
    public const string Production = "production";
    public const string Autoscaled = "production, autoscaled";
    public const string Monitored = "production, monitored";
    public const string Certified = "production, certified";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<string, Task<Overlay>> Rendered = new(StringComparer.Ordinal);

    // Of a cluster's add-ons.
    private static readonly Dictionary<string, Type> CustomKinds = new(StringComparer.Ordinal)
    {
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(ServiceMonitor),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
        ["keda.sh/v1alpha1/TriggerAuthentication"] = typeof(TriggerAuthentication),
        ["cert-manager.io/v1/Issuer"] = typeof(CertificateIssuer),
        ["cert-manager.io/v1/Certificate"] = typeof(IssuedCertificate),
    };

    private static readonly Dictionary<string, string[]> Components = new(StringComparer.Ordinal)
    {
        [Autoscaled] = ["autoscaling"],
        [Certified] = ["cert-manager"],
        [Monitored] = ["metrics", "alerts", "dashboard", "queue-depth", "otlp"],
    };

    private readonly List<object> _objects;

    private Overlay(string text)
    {
        Text = text;
        _objects = KubernetesYaml.LoadAllFromString(text, CustomKinds, strict: true); // typing errors, duplicate keys, removed kinds
    }

    /// <summary>The YAML.</summary>
    public string Text { get; }

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects =>
        [.. _objects.Cast<IKubernetesObject<V1ObjectMeta>>()];

    public V1Deployment Silos => Only<V1Deployment>("granary");

    /// <summary>The silo's container.</summary>
    public V1Container Silo => Silos.Spec.Template.Spec.Containers.Single();

    /// <summary>Renders the folder of an example; skips the running test where kubectl is not installed.</summary>
    public static Task<Overlay> RenderExampleAsync(string name) => Rendered.GetOrAdd(
        $"example {name}", _ => RunKubectlAsync(RepositoryRoot.Combine($"k8s/examples/{name}"), ChildProcess.CreateFolder()));

    /// <summary>Renders an overlay; skips the running test where kubectl is not installed.</summary>
    public static Task<Overlay> RenderAsync(string name) => Rendered.GetOrAdd(name, RunKubectlAsync);

    public T[] All<T>() => [.. _objects.OfType<T>()];

    public T Only<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => Assert.Single(All<T>(), item => item.Metadata.Name == name);

    private static async Task<Overlay> RunKubectlAsync(string name)
    {
        string folder = ChildProcess.CreateFolder();
        string overlay = Components.TryGetValue(name, out string[]? components)
            ? await WriteProductionAsync(folder, components)
            : RepositoryRoot.Combine($"k8s/overlays/{name}");
        return await RunKubectlAsync(overlay, folder);
    }

    private static async Task<Overlay> RunKubectlAsync(string overlay, string folder)
    {
        string file = Path.Combine(folder, "rendered.yaml");
        await using ChildProcess process = ChildProcess.Start(
            "kubectl", folder, RequiredProgram.Locate("kubectl"), ["kustomize", overlay, "--output", file]);
        int exitCode = await process.WaitForExitAsync(Deadline);
        Assert.True(exitCode == 0, $"kubectl kustomize {overlay} ended with code {exitCode}: {process.Output}");
        return new Overlay(await File.ReadAllTextAsync(file));
    }

    // The production overlay with the components switched on, as a person does: their lines are comments no more.
    private static async Task<string> WriteProductionAsync(string folder, string[] components)
    {
        string production = await File.ReadAllTextAsync(RepositoryRoot.Combine("k8s/overlays/production/kustomization.yaml"));
        foreach (string component in components)
        {
            string line = $"  - ../../components/{component}\n";
            string comment = line.Replace("- ", "# - ", StringComparison.Ordinal);
            Assert.Contains(comment, production, StringComparison.Ordinal);
            production = production.Replace(comment, line, StringComparison.Ordinal);
        }

        string here = Path.GetRelativePath(folder, RepositoryRoot.Combine("k8s"));
        await File.WriteAllTextAsync(
            Path.Combine(folder, "kustomization.yaml"), production.Replace("../..", here, StringComparison.Ordinal));
        return folder;
    }
}
