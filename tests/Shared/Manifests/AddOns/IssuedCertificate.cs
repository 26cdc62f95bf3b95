using k8s;
using k8s.Models;

namespace Granary.Tests.Shared.Manifests.AddOns;

/// <summary>Of cert-manager: what is written in this repository of it.</summary>
internal sealed class IssuedCertificate : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public IssuedCertificateSpec Spec { get; set; } = new();
}
