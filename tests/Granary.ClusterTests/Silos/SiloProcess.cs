namespace Granary.ClusterTests.Silos;

/// <summary>One real silo on free loopback ports. Disposing ends it, whatever happened in the test.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    // The default hand-off budget is 90 s and the host's own timeout 30 s more.
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(130);

    private readonly ChildProcess _process;

    private SiloProcess(ChildProcess process, string name, SiloPorts ports)
    {
        _process = process;
        Name = name;
        Ports = ports;
    }

    public string Name { get; }

    public SiloPorts Ports { get; }

    /// <summary>Where it runs.</summary>
    public string Folder => _process.Folder;

    public BoundedOutput Output => _process.Output;

    public bool HasExited => _process.HasExited;

    /// <summary>Resident memory now. Bytes.</summary>
    public long ResidentBytes => _process.ResidentBytes;

    /// <param name="name">Unique in its cluster.</param>
    /// <param name="memory">The budget as the command line writes it: 64MiB.</param>
    /// <param name="primary">The silo that holds the membership; none for the first.</param>
    /// <param name="arguments">Further arguments.</param>
    /// <exception cref="TimeoutException">Not ready in 60 s, or ended; the message has the silo's output.</exception>
    public static async Task<SiloProcess> StartAsync(
        string name,
        string memory,
        SiloProcess? primary = null,
        params string[] arguments)
    {
        string folder = ChildProcess.CreateFolder();
        string portFile = Path.Combine(folder, "ports");
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        ChildProcess process = ChildProcess.Start(
            $"Silo {name}", folder, host, CommandLine(name, memory, portFile, primary, arguments));
        try
        {
            SiloPorts? ports = null;
            await process.WaitUntilAsync("port file", StartDeadline, () => SiloPorts.TryRead(portFile, out ports));
            return new SiloProcess(process, name, ports!);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the silo gracefully (SIGTERM) and waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> TerminateAsync() => _process.TerminateAsync(StopDeadline);

    /// <summary>Ends the silo as a crash would (SIGKILL).</summary>
    public void Kill() => _process.Kill();

    /// <summary>Makes the silo silent, as a pulled cable would: it runs no further, its connections stay open (SIGSTOP).</summary>
    public void Pause() => _process.Pause();

    /// <summary>Lets the silo go on (SIGCONT).</summary>
    public void Resume() => _process.Resume();

    /// <returns>The exit code of a silo that ends by itself.</returns>
    public Task<int> WaitForExitAsync(TimeSpan deadline) => _process.WaitForExitAsync(deadline);

    /// <summary>Polls a condition that depends on this silo, until it holds.</summary>
    public Task WaitUntilAsync(string awaited, TimeSpan deadline, Func<bool> condition) =>
        _process.WaitUntilAsync(awaited, deadline, condition);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static List<string> CommandLine(
        string name,
        string memory,
        string portFile,
        SiloProcess? primary,
        string[] arguments)
    {
        List<string> line =
        [
            Path.Combine(AppContext.BaseDirectory, "Silo.dll"),
            "--name", name,
            "--memory", memory,
            "--memcached-port", "0",
            "--silo-port", "0",
            "--gateway-port", "0",
            "--http-port", "0",
            "--port-file", portFile,
        ];
        if (primary is not null)
        {
            line.AddRange(["--primary", $"127.0.0.1:{primary.Ports.Silo}"]);
        }

        line.AddRange(arguments);
        return line;
    }
}
