using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Granary.Tests.Shared.Processes;

/// <summary>
/// A PostgreSQL of the test's own: data in a temporary folder, a loopback port, gone when disposed. It can be stopped,
/// killed and started again with its data. Not for durability against a crash of the machine: it does not sync.
/// </summary>
internal sealed class PostgreSqlProcess : IAsyncDisposable
{
    private const string User = "granary";

    // What no log and no message of a silo may have in it. The server itself trusts everybody who reaches it.
    public const string Password = "not-for-any-log";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _programs;
    private readonly string _folder;
    private readonly IPAddress _address;
    private ChildProcess? _server;

    private PostgreSqlProcess(string programs, string folder, IPAddress address, int port)
    {
        _programs = programs;
        _folder = folder;
        _address = address;
        Port = port;
    }

    /// <summary>The same through all restarts.</summary>
    public int Port { get; }

    /// <summary>To the database that is always there, for a silo's --cluster-store.</summary>
    public string ConnectionString => ConnectionTo("postgres");

    /// <summary>Makes a new one and starts it; skips the running test where PostgreSQL is not installed.</summary>
    public static Task<PostgreSqlProcess> StartNewAsync() => StartNewAsync(IPAddress.Loopback);

    /// <summary>Makes a new one on an address of this host and starts it.</summary>
    /// <param name="address">Who reaches it is trusted.</param>
    public static async Task<PostgreSqlProcess> StartNewAsync(IPAddress address)
    {
        string programs = RequiredProgram.LocatePostgreSql();
        var postgres = new PostgreSqlProcess(programs, ChildProcess.CreateFolder(), address, FreePort(address));
        try
        {
            await MakeOwnerAsync(postgres._folder);
            await postgres.RunAsync("initdb", "-D", postgres.DataFolder, "-U", User, "-A", "trust", "-E", "UTF8", "--no-sync");
            await File.AppendAllTextAsync(
                Path.Combine(postgres.DataFolder, "pg_hba.conf"), "host all all samenet trust\n");
            await postgres.StartAsync();
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>A connection string to it.</returns>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await RunAsync("createdb", "-h", $"{_address}", "-p", PortText, "-U", User, name);
        return ConnectionTo(name);
    }

    /// <summary>Starts it again, after <see cref="StopAsync"/> or <see cref="KillAsync"/>.</summary>
    public async Task StartAsync()
    {
        _server = await LaunchAsync(
            "postgres",
            "-D", DataFolder,
            "-c", $"listen_addresses={_address}",
            "-c", $"port={PortText}",
            "-c", "unix_socket_directories=",
            "-c", "max_connections=200",
            "-c", "fsync=off");
        await _server.WaitUntilAsync(
            "its word that it is ready",
            Deadline,
            () => _server.Output.Lines().Any(line => line.EndsWith("is ready to accept connections", StringComparison.Ordinal)));
    }

    /// <summary>Stops it gracefully; clients are disconnected.</summary>
    public async Task StopAsync()
    {
        await _server!.InterruptAsync(Deadline); // PostgreSQL's "fast shutdown"
        await EndAsync();
    }

    /// <summary>Ends it as a crash would, and waits until none of its processes is left.</summary>
    public async Task KillAsync()
    {
        _server!.Kill();
        await _server.WaitForExitAsync(Deadline); // its other processes notice, and hold the output open until they end
        await EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await KillAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string DataFolder => Path.Combine(_folder, "data");

    private string PortText => Port.ToString(CultureInfo.InvariantCulture);

    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // PostgreSQL refuses to run as root; Debian's package makes the user postgres.
    private static async Task MakeOwnerAsync(string folder)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await using ChildProcess chown = ChildProcess.Start(
                "chown", ChildProcess.CreateFolder(), RequiredProgram.Locate("chown"), ["postgres", folder]);
            Assert.Equal(0, await chown.WaitForExitAsync(Deadline));
        }
    }

    private string ConnectionTo(string database) =>
        $"Host={_address};Port={PortText};Database={database};Username={User};Password={Password}";

    private async Task RunAsync(string program, params string[] arguments)
    {
        await using ChildProcess process = await LaunchAsync(program, arguments);
        int exitCode = await process.WaitForExitAsync(Deadline);
        Assert.True(exitCode == 0, $"{program} ended with code {exitCode}: {process.Output}");
    }

    private async Task<ChildProcess> LaunchAsync(string program, params string[] arguments)
    {
        string path = Path.Combine(_programs, program);
        string folder = ChildProcess.CreateFolder();
        await MakeOwnerAsync(folder);
        return Environment.IsPrivilegedProcess
            ? ChildProcess.Start(
                program,
                folder,
                RequiredProgram.Locate("setpriv"),
                ["--reuid=postgres", "--regid=postgres", "--init-groups", path, .. arguments],
                ("LC_ALL", "C.UTF-8"))
            : ChildProcess.Start(program, folder, path, arguments, ("LC_ALL", "C.UTF-8"));
    }

    private async Task EndAsync()
    {
        await _server!.DisposeAsync();
        _server = null;
    }
}
