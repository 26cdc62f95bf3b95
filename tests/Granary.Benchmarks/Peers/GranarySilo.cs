using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Granary.Benchmarks.Peers;

/// <summary>One silo of Granary, from the build beside this program.</summary>
/// <param name="kind">How it is run; by default as it comes.</param>
internal sealed class GranarySilo(SiloKind? kind = null) : IPeer
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly SiloKind _kind = kind ?? SiloKind.Plain;

    /// <summary>The silo's program, which is its command line as well.</summary>
    public string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "Silo.dll");

    public string Name => _kind.Name;

    public PeerProtocol Protocol => PeerProtocol.Memcached;

    public bool IsPresent => File.Exists(Assembly);

    public Task<RunningPeer> StartAsync(PeerSettings settings, CancellationToken cancellationToken) =>
        StartAsync("bench", settings, arguments: [], cancellationToken);

    /// <summary>Starts a silo of a cluster and waits until it answers.</summary>
    /// <param name="name">Unique in the cluster.</param>
    /// <param name="settings">As every server's.</param>
    /// <param name="arguments">What it is told beside its name, its ports and the settings.</param>
    /// <param name="cancellationToken">Ends the wait, and the silo.</param>
    /// <param name="environment">Variables beside this program's own.</param>
    /// <exception cref="PeerException">It ended or did not answer in time.</exception>
    public async Task<RunningPeer> StartAsync(
        string name, PeerSettings settings, IEnumerable<string> arguments, CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        const string PortFile = "ports";
        List<string> line =
        [
            Assembly,
            "--name", name,
            "--memory", string.Create(CultureInfo.InvariantCulture, $"{settings.MemoryMebibytes}MiB"),
            "--memcached-port", "0",
            "--silo-port", "0",
            "--gateway-port", "0",
            "--http-port", "0",
            "--port-file", PortFile,
            .. _kind.Arguments,
            .. arguments,
        ];
        if (settings.Threads is { } threads)
        {
            line.AddRange(["--memcached-threads", threads.ToString(CultureInfo.InvariantCulture)]);
        }

        var command = new ServerCommand("dotnet", line) { Cpu = settings.Cpu };
        ServerProcess process = ServerProcess.Start(
            environment is null ? command : command with { Environment = environment });
        try
        {
            Dictionary<string, int> ports = await WaitForPortsAsync(process, PortFile, cancellationToken);
            var memcached = new IPEndPoint(IPAddress.Loopback, ports["memcached"]);
            string version = await ServerProbe.WaitAsync(process, memcached, Protocol, cancellationToken);
            return new RunningPeer(Name, Protocol, memcached, version, process)
            {
                SiloName = name,
                Silo = new IPEndPoint(IPAddress.Loopback, ports["silo"]),
                Gateway = new IPEndPoint(IPAddress.Loopback, ports["gateway"]),
                Http = new IPEndPoint(IPAddress.Loopback, ports["http"]),
                Scraper = new Scraper(ports["http"], _kind.Paths),
            };
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    // The silo writes its lines "name=port" once it is ready.
    private static async Task<Dictionary<string, int>> WaitForPortsAsync(
        ServerProcess process, string portFile, CancellationToken cancellationToken)
    {
        string path = Path.Combine(process.Directory, portFile);
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < StartTimeout && !process.HasExited)
        {
            Dictionary<string, int> ports = File.Exists(path) ? ReadPorts(path) : [];
            if (ports.ContainsKey("memcached") && ports.ContainsKey("silo") && ports.ContainsKey("gateway") && ports.ContainsKey("http"))
            {
                return ports;
            }

            await Task.Delay(Interval, cancellationToken);
        }

        throw new PeerException($"It did not write its port file and {process.Describe()}");
    }

    // A line without its end is still being written.
    private static Dictionary<string, int> ReadPorts(string path)
    {
        var ports = new Dictionary<string, int>(StringComparer.Ordinal);
        string text = File.ReadAllText(path);
        foreach (string line in text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Trim().Split('=', 2);
            if (parts.Length == 2)
            {
                ports[parts[0]] = int.Parse(parts[1], CultureInfo.InvariantCulture);
            }
        }

        return ports;
    }
}
