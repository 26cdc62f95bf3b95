namespace Granary.Tests.Shared.Containers;

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
    private readonly string _silo;
    private readonly string _folder = ChildProcess.CreateFolder();

    private ContainerImage(string podman, string runtime, string silo)
    {
        _podman = podman;
        _silo = silo;
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
    /// <param name="silo">The folder of the silo's build; the one beside the tests by default.</param>
    public static async Task<ContainerImage> BuildAsync(string? silo = null)
    {
        var image = new ContainerImage(
            RequiredProgram.Locate("podman"), RequiredProgram.Locate("runc"), silo ?? AppContext.BaseDirectory);
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
    public ChildProcess Run(params IEnumerable<string> options) => Start(RunArguments(options));

    /// <summary>The command that runs a container in the foreground: the silo's arguments follow.</summary>
    /// <param name="options">Of <c>podman run</c>.</param>
    public IReadOnlyList<string> RunCommand(params IEnumerable<string> options) =>
        [_podman, .. _options, .. RunArguments(options)];

    /// <summary>What podman knows of a container that runs.</summary>
    /// <param name="container">Its name.</param>
    /// <param name="format">The part that is asked for: <c>{{.State.Pid}}</c>.</param>
    public async Task<string> InspectAsync(string container, string format)
    {
        await using ChildProcess process = Start(["inspect", "--format", format, container]);
        int exitCode = await process.WaitForExitAsync(Deadline);
        Assert.True(exitCode == 0, $"podman inspect ended with code {exitCode}: {process.Output}");
        return process.Output.Lines()[^1];
    }

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
        string script = Path.Combine(AppContext.BaseDirectory, "Containers/base-image.sh");
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

    private static string[] RunArguments(IEnumerable<string> options) => ["run", "--rm", .. options, Name];

    private void CopySilo(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(_silo, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(folder, Path.GetRelativePath(_silo, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private ChildProcess Start(IEnumerable<string> arguments) =>
        ChildProcess.Start("podman", ChildProcess.CreateFolder(), _podman, [.. _options, .. arguments]);
}
