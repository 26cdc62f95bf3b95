using System.Diagnostics;
using System.Globalization;
using Granary.ClusterTests.CommandLine;

namespace Granary.ClusterTests.StartLine;

/// <summary>The silo's program, started by memcached's flags. Disposing ends it.</summary>
internal sealed class MemcachedSilo : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    private MemcachedSilo(ChildProcess process)
    {
        _process = process;
    }

    public int ProcessId => _process.Id;

    public string Folder => _process.Folder;

    public BoundedOutput Output => _process.Output;

    /// <summary>Of TCP; 0 without.</summary>
    public int Port { get; private init; }

    /// <summary>How long it took to be ready.</summary>
    public TimeSpan ReadyAfter { get; private init; }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="flags">The line, with spaces between; <c>{folder}</c> is a new folder of its own.</param>
    public static async Task<MemcachedSilo> StartAsync(string flags)
    {
        string folder = ChildProcess.CreateFolder();
        string ports = Path.Combine(folder, "memcached-ports");
        var clock = Stopwatch.StartNew();
        ChildProcess process = Begin(flags, folder, ("MEMCACHED_PORT_FILENAME", ports));
        try
        {
            await process.WaitUntilAsync("file of memcached's ports", StartDeadline, () => File.Exists(ports));
            string[] lines = await File.ReadAllLinesAsync(ports);
            return new MemcachedSilo(process)
            {
                ReadyAfter = clock.Elapsed,
                Port = lines.Length == 0 ? 0 : int.Parse(lines[0].Split(": ")[1], CultureInfo.InvariantCulture),
            };
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, and does not wait.</summary>
    public static ChildProcess Begin(string flags, string folder, params (string Name, string Value)[] environment)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] words = flags.Replace("{folder}", folder, StringComparison.Ordinal).Split(' ');
        return ChildProcess.Start("Silo memcached", folder, host, [ToolRun.Silo, "memcached", .. words], environment);
    }

    /// <summary>Tells it to stop (SIGTERM), and waits.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> TerminateAsync() => _process.TerminateAsync(StopDeadline);

    public Task WaitUntilAsync(string awaited, Func<bool> condition) => _process.WaitUntilAsync(awaited, StopDeadline, condition);

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
