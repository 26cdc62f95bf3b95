namespace Granary.Tests.Shared.Node;

/// <summary>Runs scripts that use packages of npm's, which .ci/run installs.</summary>
internal static class NodeScript
{
    private const string Folder = "artifacts/node";

    /// <summary>Runs a script; skips the running test where a package is not installed.</summary>
    /// <param name="script">Its path below the tests' output. It gets the packages' folder as its first argument.</param>
    /// <param name="packages">What it uses.</param>
    /// <param name="deadline">When it is given up.</param>
    /// <param name="arguments">Its further arguments.</param>
    /// <returns>The last line that it says. If it ends with an error the running test fails with all of them.</returns>
    public static async Task<string> RunAsync(string script, string[] packages, TimeSpan deadline, params string[] arguments)
    {
        string folder = Locate(packages);
        await using ChildProcess node = ChildProcess.Start(
            "node",
            ChildProcess.CreateFolder(),
            RequiredProgram.Locate("node"),
            [Path.Combine(AppContext.BaseDirectory, script), folder, .. arguments]);
        int exitCode = await node.WaitForExitAsync(deadline);
        Assert.True(exitCode == 0, $"{node.Output}");
        return node.Output.Lines()[^1];
    }

    private static string Locate(string[] packages)
    {
        string folder = RepositoryRoot.Combine(Folder);
        return Array.TrueForAll(packages, package => Directory.Exists(Path.Combine(folder, "node_modules", package)))
            ? folder
            : throw RequiredProgram.Missing(
                $"Packages of npm's are not installed: npm install --prefix {Folder} {string.Join(' ', packages)}.");
    }
}
