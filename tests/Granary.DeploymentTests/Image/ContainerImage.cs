namespace Granary.DeploymentTests.Image;

/// <summary>
/// The image that the Dockerfile makes, in a storage of its own. Its last stage is as written; under it is a base image
/// of this machine's files, and what the first stage would have built is the build beside the tests: the images of the
/// .NET SDK and runtime come from a registry, which tests do not reach.
/// </summary>
internal sealed class ContainerImage : IAsyncDisposable
{
    private const string Name = "granary:test";
    private const string Base = "localhost/base:test";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    // What podman needs where there is no systemd.
    private readonly string[] _options;
    private readonly string _podman;
    private readonly string _folder = ChildProcess.CreateFolder();

    private ContainerImage(string podman, string runtime)
    {
        _podman = podman;
        _options =
        [
            "--root", Path.Combine(_folder, "storage"),
            "--runroot", Path.Combine(_folder, "run"),
            "--storage-driver", "vfs", // plain folders: nothing stays mounted
            "--runtime", runtime,
            "--cgroup-manager", "cgroupfs",
            "--events-backend", "none",
        ];
    }

    /// <summary>Builds it; skips the running test where that cannot be.</summary>
    public static async Task<ContainerImage> BuildAsync()
    {
        var image = new ContainerImage(RequiredProgram.Locate("podman"), RequiredProgram.Locate("runc"));
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Containers with a limit on their memory need root.");
        try
        {
            await image.BuildInFolderAsync();
            return image;
        }
        catch
        {
            await image.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a container in the foreground: it gets the signals that the process gets.</summary>
    /// <param name="options">Of <c>podman run</c>.</param>
    public ChildProcess Run(params IEnumerable<string> options) => Start(["run", "--rm", .. options, Name]);

    public async ValueTask DisposeAsync()
    {
        await RunAsync(Start(["rm", "--force", "--all"]));
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task RunAsync(ChildProcess process)
    {
        await using (process)
        {
            int exitCode = await process.WaitForExitAsync(Deadline);
            Assert.True(exitCode == 0, $"Ended with code {exitCode}: {process.Output}");
        }
    }

    private async Task BuildInFolderAsync()
    {
        string root = Path.Combine(_folder, "base");
        string build = Path.Combine(_folder, "build");
        string script = Path.Combine(AppContext.BaseDirectory, "Image/base-image.sh");
        string archive = $"{root}.tar";
        await RunAsync(ChildProcess.Start(
            "base-image.sh", ChildProcess.CreateFolder(), RequiredProgram.Locate("bash"), [script, root]));
        await RunAsync(ChildProcess.Start(
            "tar", ChildProcess.CreateFolder(), RequiredProgram.Locate("tar"), ["-C", root, "-cf", archive, "."]));
        await RunAsync(Start(
        [
            "import",
            "--change", "ENV APP_UID=1654", // as .NET's images have them
            "--change", "ENV ASPNETCORE_HTTP_PORTS=8080",
            archive,
            Base,
        ]));
        CopySilo(Directory.CreateDirectory(Path.Combine(build, "app")).FullName);
        await RunAsync(Start(
        [
            "build",
            "--pull=never",
            "--layers=false",
            "--build-arg", "TARGETARCH=",
            "--build-context", $"build={build}",
            "--build-context", $"mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled=container-image://{Base}",
            "--tag", Name,
            RepositoryRoot.Path,
        ]));
    }

    private static void CopySilo(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private ChildProcess Start(IEnumerable<string> arguments) =>
        ChildProcess.Start("podman", ChildProcess.CreateFolder(), _podman, [.. _options, .. arguments]);
}
