using Granary.Tests.Shared.Node;

namespace Granary.DeploymentTests.Manifests;

/// <summary>The scripts beside this file, which read manifests and rules.</summary>
internal static class NodePackages
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly string[] Packages =
    [
        "kubernetes-models", "@kubernetes-models/prometheus-operator", "@kubernetes-models/keda", "@kubernetes-models/cert-manager", "js-yaml",
        "@prometheus-io/lezer-promql", "@lezer/lr", "@lezer/highlight",
    ];

    /// <summary>Gives a text to one of the scripts.</summary>
    /// <inheritdoc cref="NodeScript.RunAsync" path="/returns"/>
    public static async Task<string> RunAsync(string script, string text)
    {
        string file = Path.Combine(ChildProcess.CreateFolder(), "text");
        await File.WriteAllTextAsync(file, text);
        return await NodeScript.RunAsync(Path.Combine("Manifests", script), Packages, Deadline, file);
    }
}
