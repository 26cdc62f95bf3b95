using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Granary.ClusterTests.Clients;

namespace Granary.ClusterTests.Silos;

/// <summary>
/// The process of the command <c>cluster</c>, and the silos that it starts. Disposing ends all of them, whatever happened in
/// the test.
/// </summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private const int MaxSilos = 3;
    private const int LowestPort = 20_000; // below those that the system gives out by itself
    private const int HighestPort = 30_000;
    private const int ShardCount = 256; // the silos' default

    private static readonly string[] PortOptions = ["--memcached-port", "--silo-port", "--gateway-port", "--http-port"];
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;

    private LocalCluster(ChildProcess process, int memcachedPort, int gatewayPort)
    {
        _process = process;
        MemcachedPort = memcachedPort;
        GatewayPort = gatewayPort;
    }

    /// <summary>The first silo's; the others have those that follow.</summary>
    public int MemcachedPort { get; }

    /// <summary>The first silo's.</summary>
    public int GatewayPort { get; }

    /// <summary>Of all of them.</summary>
    public BoundedOutput Output => _process.Output;

    /// <param name="arguments">Beside ports, which are free ones.</param>
    public static LocalCluster Start(params string[] arguments)
    {
        int[] ports = [.. FreePorts(PortOptions.Length * MaxSilos).Where(static (_, index) => index % MaxSilos == 0)];
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        IEnumerable<string> options = PortOptions.Zip(ports, static (option, port) => $"{option}={port}");
        string program = Path.Combine(AppContext.BaseDirectory, SiloPlace.Here.Program);
        return new LocalCluster(
            ChildProcess.Start("The cluster", ChildProcess.CreateFolder(), host, [program, "cluster", .. options, .. arguments]),
            ports[0],
            ports[2]);
    }

    /// <summary>Waits until so many silos have all shards among them, and each has some.</summary>
    /// <exception cref="TimeoutException">Not so after a minute; the message has the silos' output.</exception>
    public async Task WaitUntilServingAsync(int siloCount)
    {
        var clock = Stopwatch.StartNew();
        int[] shards = [];
        while (shards.Sum() != ShardCount || shards.Contains(0))
        {
            if (_process.HasExited || clock.Elapsed > Deadline)
            {
                throw new TimeoutException(
                    $"The {siloCount} silos had {string.Join(", ", shards)} shards after {clock.Elapsed}. Their output:\n{Output}");
            }

            await Task.Delay(50);
            shards = await Task.WhenAll(Enumerable.Range(MemcachedPort, siloCount).Select(ReadShardsAsync));
        }
    }

    /// <summary>The processes of the silos, by their names.</summary>
    public Dictionary<string, int> ReadSilos() => Children().ToDictionary(
        static id => File.ReadAllText($"/proc/{id}/cmdline").Split('\0').SkipWhile(static word => word != "--name").ElementAt(1),
        StringComparer.Ordinal);

    /// <summary>Tells the process of the command to stop (SIGTERM), and waits for it.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> TerminateAsync() => _process.TerminateAsync(Deadline);

    /// <returns>The exit code of the process of the command, which ends by itself.</returns>
    public Task<int> WaitForExitAsync() => _process.WaitForExitAsync(Deadline);

    public async ValueTask DisposeAsync()
    {
        foreach (int id in _process.HasExited ? [] : Children())
        {
            using Process silo = Process.GetProcessById(id);
            silo.Kill();
        }

        await _process.DisposeAsync();
    }

    // What any of its threads has started.
    private int[] Children() =>
    [
        .. Directory.EnumerateDirectories($"/proc/{_process.Id}/task")
            .SelectMany(static thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(static id => int.Parse(id, CultureInfo.InvariantCulture)),
    ];

    // 0 of a silo that does not answer yet.
    private static async Task<int> ReadShardsAsync(int port)
    {
        try
        {
            using MemcachedConnection connection = await MemcachedConnection.OpenAsync(port);
            return int.Parse((await connection.StatisticsAsync())["granary_shards"], CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            return 0;
        }
    }

    // So many that follow each other. Other runs of the tests on the machine begin to look elsewhere.
    private static IEnumerable<int> FreePorts(int count)
    {
        int start = LowestPort + (Environment.ProcessId * count % (HighestPort - LowestPort - count));
        for (int port = start; port < HighestPort - count; port += count)
        {
            if (Enumerable.Range(port, count).All(IsFree))
            {
                return Enumerable.Range(port, count);
            }
        }

        throw new InvalidOperationException($"From {start} on there are no {count} free ports below {HighestPort}.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
