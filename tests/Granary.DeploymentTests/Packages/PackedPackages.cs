namespace Granary.DeploymentTests.Packages;

/// <summary>What <c>dotnet pack</c> makes of the build that is tested.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(4);

    private readonly string _folder = ChildProcess.CreateFolder();

    /// <summary>Of the packages, in order.</summary>
    public string[] Names => [.. Directory.EnumerateFiles(_folder, "*.nupkg")
        .Select(path => Path.GetFileName(path)[..^VersionedEnding(".nupkg").Length])
        .Order(StringComparer.Ordinal)];

    /// <summary>For <c>dotnet build</c> of an application that uses the packages.</summary>
    public string[] RestoreProperties =>
    [
        $"-p:GranaryVersion={Version}",
        $"-p:RestoreAdditionalProjectSources={_folder}",
        $"-p:RestorePackagesPath={Path.Combine(_folder, "restored")}", // those of the same version that are cached are others
        $"-p:RestoreFallbackFolders={GlobalPackages}",
    ];

    private static string Version => typeof(PackedPackages).Assembly.GetName().Version!.ToString(3);

    private static string GlobalPackages => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages");

    private static string Configuration => AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    public async ValueTask InitializeAsync() => await RunDotnetAsync(
        ["pack", RepositoryRoot.Combine("Cluster.sln"), "--no-build", "--configuration", Configuration, "--output", _folder], Deadline);

    /// <param name="name">Of a package.</param>
    /// <param name="extension">Of the file.</param>
    public string PathOf(string name, string extension) => Path.Combine(_folder, $"{name}{VersionedEnding(extension)}");

    /// <returns>The folder of a copy of the application that uses the packages.</returns>
    public string CopyConsumer()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "consumer")).FullName;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Packages/Consumer")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }

    /// <returns>What it says; it fails the test if it does not end with 0.</returns>
    public static async Task<string> RunDotnetAsync(IEnumerable<string> arguments, TimeSpan deadline)
    {
        await using ChildProcess process = ChildProcess.Start(
            "dotnet",
            ChildProcess.CreateFolder(),
            "dotnet",
            arguments,
            ("MSBUILDDISABLENODEREUSE", "1"), // a process that lives on would hold the output open
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
            ("DOTNET_NOLOGO", "1"));
        int exitCode = await process.WaitForExitAsync(deadline);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with code {exitCode}:\n{process.Output}");
        return process.Output.ToString();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static string VersionedEnding(string extension) => $".{Version}{extension}";
}
