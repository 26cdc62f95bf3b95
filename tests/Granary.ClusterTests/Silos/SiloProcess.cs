using System.Net;
using Granary.ClusterTests.Clients;

namespace Granary.ClusterTests.Silos;

/// <summary>One real silo on free loopback ports. Disposing ends it, whatever happened in the test.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    // The default hand-off budget is 90 s and the host's own timeout 30 s more.
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(130);

    private readonly ChildProcess _process;

    private SiloProcess(ChildProcess process, string name, IPAddress address, SiloPorts ports)
    {
        _process = process;
        Name = name;
        Address = address;
        Ports = ports;
    }

    public string Name { get; }

    /// <summary>Of all its ports.</summary>
    public IPAddress Address { get; }

    public SiloPorts Ports { get; }

    public IPEndPoint Memcached => new(Address, Ports.Memcached);

    public IPEndPoint Gateway => new(Address, Ports.Gateway);

    /// <summary>Where it runs.</summary>
    public string Folder => _process.Folder;

    public BoundedOutput Output => _process.Output;

    /// <summary>The operating system's.</summary>
    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Resident memory now. Bytes.</summary>
    public long ResidentBytes => _process.ResidentBytes;

    /// <param name="name">Unique in its cluster.</param>
    /// <param name="memory">The budget as the command line writes it: 64MiB.</param>
    /// <param name="primary">The silo that holds the membership; none for the first.</param>
    /// <param name="arguments">Further arguments.</param>
    /// <exception cref="TimeoutException">Not ready in 60 s, or ended; the message has the silo's output.</exception>
    public static Task<SiloProcess> StartAsync(
        string name,
        string memory,
        SiloProcess? primary = null,
        params string[] arguments) => StartAsync(SiloPlace.Here, name, memory, primary, arguments);

    /// <param name="place">Where and how it runs.</param>
    /// <param name="name">Unique in its cluster.</param>
    /// <param name="memory">The budget as the command line writes it: 64MiB; none for what it takes by itself.</param>
    /// <param name="primary">The silo that holds the membership; none for the first.</param>
    /// <param name="arguments">Further arguments.</param>
    /// <exception cref="TimeoutException">Not ready in 60 s, or ended; the message has the silo's output.</exception>
    public static async Task<SiloProcess> StartAsync(
        SiloPlace place,
        string name,
        string? memory,
        SiloProcess? primary,
        params string[] arguments)
    {
        string folder = ChildProcess.CreateFolder();
        string portFile = Path.Combine(folder, "ports");
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] line =
        [
            .. place.Container?.Invoke(folder) ?? [.. place.Wrapper, host, Path.Combine(place.Folder, place.Program)],
            .. Arguments(place, name, memory, portFile, primary, arguments),
        ];
        ChildProcess process = ChildProcess.Start($"Silo {name}", folder, line[0], line[1..], place.Environment);
        try
        {
            SiloPorts? ports = null;
            await process.WaitUntilAsync("port file", StartDeadline, () => SiloPorts.TryRead(portFile, out ports));
            return new SiloProcess(process, name, place.Address, ports!);
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

    /// <summary>What <c>stats</c> answers.</summary>
    public async Task<Dictionary<string, string>> StatisticsAsync()
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(Memcached);
        return await connection.StatisticsAsync();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static List<string> Arguments(
        SiloPlace place,
        string name,
        string? memory,
        string portFile,
        SiloProcess? primary,
        string[] arguments)
    {
        List<string> line =
        [
            "--name", name,
            "--port-file", portFile,
        ];
        if (memory is not null)
        {
            line.AddRange(["--memory", memory]);
        }

        foreach (string port in (string[])["--memcached-port", "--silo-port", "--gateway-port", "--http-port"])
        {
            if (!arguments.Contains(port))
            {
                line.AddRange([port, "0"]);
            }
        }

        if (primary is not null)
        {
            line.AddRange(["--primary", $"{primary.Address}:{primary.Ports.Silo}"]);
        }

        if (!IPAddress.IsLoopback(place.Address))
        {
            line.AddRange(["--bind", $"{place.Address}", "--insecure"]);
        }

        line.AddRange(arguments);
        return line;
    }
}
