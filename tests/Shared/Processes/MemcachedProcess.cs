using System.Globalization;

namespace Granary.Tests.Shared.Processes;

/// <summary>memcached itself on a free loopback port: what the drivers expect is what it answers.</summary>
internal sealed class MemcachedProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private MemcachedProcess(ChildProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <param name="options">Of memcached's command line, beside those that a test needs.</param>
    public static Task<MemcachedProcess> StartAsync(params string[] options) => StartAsync(options, []);

    /// <summary>With the binary protocol alone, and SASL.</summary>
    /// <param name="configuration">Folder of the library's memcached.conf, which says where the users are.</param>
    public static Task<MemcachedProcess> StartWithSaslAsync(string configuration) =>
        StartAsync(["-S"], [("SASL_CONF_PATH", configuration)]);

    private static async Task<MemcachedProcess> StartAsync(string[] options, (string Name, string Value)[] environment)
    {
        string program = RequiredProgram.Locate("memcached");
        string folder = ChildProcess.CreateFolder();
        string portFile = Path.Combine(folder, "port");
        // -p -1 takes any free port; -u only counts for root, as whom memcached would not start without it.
        string[] arguments = ["-l", "127.0.0.1", "-p", "-1", "-U", "0", "-u", "root", .. options];
        ChildProcess process = ChildProcess.Start(
            "memcached", folder, program, arguments, [("MEMCACHED_PORT_FILENAME", portFile), .. environment]);
        try
        {
            int port = 0;
            await process.WaitUntilAsync("port file", StartDeadline, () => TryReadPort(portFile, out port));
            return new MemcachedProcess(process, port);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // The file has the line "TCP INET: 12345"; memcached renames it into place when it is complete.
    private static bool TryReadPort(string path, out int port)
    {
        port = 0;
        string? line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault() : null;
        return line is not null
            && int.TryParse(line.Split(' ')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out port);
    }
}
