using System.Net;
using k8s.Models;

namespace Granary.Tests.Shared.Manifests;

/// <summary>The environment of a pod's container as the kubelet would fill it in.</summary>
internal static class PodEnvironment
{
    public const string PodName = "granary-6d4cf56db6-x7k2p";

    public static IPAddress PodAddress { get; } = IPAddress.Parse("10.244.1.17");

    /// <summary>A secret's value is a connection string to nowhere.</summary>
    /// <param name="container">Of the pod.</param>
    /// <param name="address">The pod's; <see cref="PodAddress"/> by default.</param>
    public static Dictionary<string, string> Of(V1Container container, IPAddress? address = null) => container.Env.ToDictionary(
        variable => variable.Name, variable => ValueOf(variable, address ?? PodAddress), StringComparer.Ordinal);

    private static string ValueOf(V1EnvVar variable, IPAddress address) => variable.ValueFrom switch
    {
        null => variable.Value,
        { FieldRef.FieldPath: "metadata.name" } => PodName,
        { FieldRef.FieldPath: "status.podIP" } => address.ToString(),
        { SecretKeyRef: not null } => "Host=database",
        _ => throw new InvalidOperationException($"{variable.Name} comes from something that this does not know."),
    };
}
