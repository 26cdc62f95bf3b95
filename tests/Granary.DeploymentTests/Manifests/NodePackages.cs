namespace Granary.DeploymentTests.Manifests;

/// <summary>Packages of npm's that .ci/run installs.</summary>
internal static class NodePackages
{
    private const string Folder = "artifacts/node";

    /// <summary>Skips the running test where one is not installed.</summary>
    /// <returns>The folder that has them in its node_modules.</returns>
    public static string Locate(params string[] packages)
    {
        string folder = RepositoryRoot.Combine(Folder);
        return Array.TrueForAll(packages, package => Directory.Exists(Path.Combine(folder, "node_modules", package)))
            ? folder
            : throw RequiredProgram.Missing(
                $"Packages of npm's are not installed: npm install --prefix {Folder} {string.Join(' ', packages)}.");
    }
}
