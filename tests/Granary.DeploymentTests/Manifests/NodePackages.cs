namespace Granary.DeploymentTests.Manifests;

/// <summary>Packages of npm's that .ci/run installs, and the scripts that use them.</summary>
internal static class NodePackages
{
    private const string Folder = "artifacts/node";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly string[] Packages =
    [
        "kubernetes-models", "@kubernetes-models/prometheus-operator", "@kubernetes-models/keda", "@kubernetes-models/cert-manager", "js-yaml",
        "@prometheus-io/lezer-promql", "@lezer/lr", "@lezer/highlight",
    ];

    /// <summary>Gives a text to one of the scripts beside this file; skips the running test where a package is not installed.</summary>
    /// <returns>The last line that it says. If it ends with an error the running test fails with all of them.</returns>
    public static async Task<string> RunAsync(string script, string text)
    {
        string packages = Locate();
        string folder = ChildProcess.CreateFolder();
        string file = Path.Combine(folder, "text");
        await File.WriteAllTextAsync(file, text);
        await using ChildProcess node = ChildProcess.Start(
            "node",
            folder,
            RequiredProgram.Locate("node"),
            [Path.Combine(AppContext.BaseDirectory, "Manifests", script), packages, file]);
        int exitCode = await node.WaitForExitAsync(Deadline);
        Assert.True(exitCode == 0, $"{node.Output}");
        return node.Output.Lines()[^1];
    }

    private static string Locate()
    {
        string folder = RepositoryRoot.Combine(Folder);
        return Array.TrueForAll(Packages, package => Directory.Exists(Path.Combine(folder, "node_modules", package)))
            ? folder
            : throw RequiredProgram.Missing(
                $"Packages of npm's are not installed: npm install --prefix {Folder} {string.Join(' ', Packages)}.");
    }
}
