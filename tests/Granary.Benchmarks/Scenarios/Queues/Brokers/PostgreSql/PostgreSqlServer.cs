using System.Globalization;
using System.Net;
using Granary.Benchmarks.Peers;
using Npgsql;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;

/// <summary>PostgreSQL as Debian installs it, with data of its own, which end with it.</summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string SystemUser = "postgres"; // Debian's; PostgreSQL refuses to run as root
    private const string DatabaseUser = "granary";

    private static readonly TimeSpan RecoveryInterval = TimeSpan.FromMilliseconds(20);
    private static readonly string? Programs = FindPrograms();

    private readonly DataFolder _folder;
    private readonly BrokerProcess _process;
    private readonly IPEndPoint _endPoint;

    private PostgreSqlServer(DataFolder folder, BrokerProcess process, IPEndPoint endPoint)
    {
        _folder = folder;
        _process = process;
        _endPoint = endPoint;
    }

    /// <summary>What every server that holds queues is given beside Debian's own settings.</summary>
    public static IReadOnlyList<string> QueueSettings { get; } =
    [
        "shared_buffers=256MB", // Debian's 128 MB is for the smallest machines
        "max_wal_size=4GB", // no checkpoint in the middle of a round only because the default is 1 GB
    ];

    /// <summary>Whether its programs are on this machine.</summary>
    public static bool IsPresent => Programs is not null;

    public int ProcessId => _process.Id;

    /// <summary>To the database that is always there.</summary>
    public string ConnectionString => ConnectionTo("postgres");

    /// <summary>Starts one with empty data.</summary>
    /// <param name="settings">As <c>postgresql.conf</c> has them: <c>name=value</c>.</param>
    /// <param name="cpu">The core it is pinned to.</param>
    /// <param name="cancellationToken">Ends the start, and the server.</param>
    /// <exception cref="PeerException">It could not be started.</exception>
    public static async Task<PostgreSqlServer> StartAsync(
        IEnumerable<string> settings, int? cpu, CancellationToken cancellationToken)
    {
        var folder = new DataFolder();
        try
        {
            if (Environment.IsPrivilegedProcess)
            {
                await RunAsync(new ServerCommand("chown", [SystemUser, folder.Path]), cancellationToken);
            }

            string data = Path.Combine(folder.Path, "data");
            string[] initialize = ["-D", data, "-U", DatabaseUser, "-A", "trust", "-E", "UTF8", "--no-sync"];
            await RunAsync(AsSystemUser("initdb", initialize), cancellationToken);

            IPEndPoint endPoint = Loopback.FreeEndPoint();
            ServerCommand command = AsSystemUser("postgres", ["-D", data, .. Options(endPoint, settings)]) with
            {
                Cpu = cpu,
                Directory = folder.Path,
                StopsByInterrupt = true, // after SIGTERM it waits for its clients
            };
            BrokerProcess process = await BrokerProcess.StartAsync(command, endPoint, cancellationToken);
            return new PostgreSqlServer(folder, process, endPoint);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Waits until it has recovered: it listens before, and says so to whoever connects.</summary>
    /// <returns>Its connections, and its version.</returns>
    /// <exception cref="PeerException">It refuses connections.</exception>
    public static async Task<(NpgsqlDataSource Source, string Version)> OpenAsync(
        string connectionString, CancellationToken cancellationToken)
    {
        NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);
        while (true)
        {
            try
            {
                await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
                return (source, connection.ServerVersion.Split(' ')[0]);
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.CannotConnectNow)
            {
                await Task.Delay(RecoveryInterval, cancellationToken);
            }
            catch (NpgsqlException error)
            {
                await source.DisposeAsync();
                throw new PeerException($"It refuses connections: {error.Message}");
            }
        }
    }

    /// <summary>Makes an empty database.</summary>
    /// <param name="name">Letters.</param>
    /// <param name="cancellationToken">Frees the caller.</param>
    /// <returns>A connection string to it.</returns>
    public async Task<string> CreateDatabaseAsync(string name, CancellationToken cancellationToken)
    {
        (NpgsqlDataSource source, _) = await OpenAsync(ConnectionString, cancellationToken);
        await using (source)
        {
            await using NpgsqlCommand command = source.CreateCommand($"CREATE DATABASE {name}");
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return ConnectionTo(name);
    }

    /// <summary>Stops it as its operator would. It may be started again.</summary>
    public ValueTask StopAsync() => _process.DisposeAsync();

    /// <summary>Starts it again, on its data.</summary>
    public Task StartAgainAsync(CancellationToken cancellationToken) => _process.StartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static IEnumerable<string> Options(IPEndPoint endPoint, IEnumerable<string> settings)
    {
        string[] own =
        [
            $"listen_addresses={endPoint.Address}",
            string.Create(CultureInfo.InvariantCulture, $"port={endPoint.Port}"),
            "unix_socket_directories=",
            "max_connections=250",
        ];
        return own.Concat(settings).SelectMany(setting => (string[])["-c", setting]);
    }

    private static string? FindPrograms()
    {
        const string Root = "/usr/lib/postgresql"; // Debian: one folder per major version
        return Directory.Exists(Root)
            ? Directory.EnumerateDirectories(Root)
                .Select(version => Path.Combine(version, "bin"))
                .LastOrDefault(programs => File.Exists(Path.Combine(programs, "initdb")))
            : null;
    }

    private static ServerCommand AsSystemUser(string program, string[] arguments)
    {
        string path = Path.Combine(Programs!, program);
        return Environment.IsPrivilegedProcess
            ? new ServerCommand(
                "setpriv", [$"--reuid={SystemUser}", $"--regid={SystemUser}", "--init-groups", path, .. arguments])
            : new ServerCommand(path, arguments);
    }

    private static async Task RunAsync(ServerCommand command, CancellationToken cancellationToken)
    {
        await using ServerProcess process = ServerProcess.Start(command with { Directory = Path.GetTempPath() });
        await process.WaitForSuccessAsync(cancellationToken);
    }

    private string ConnectionTo(string database) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host={_endPoint.Address};Port={_endPoint.Port};Database={database};Username={DatabaseUser}");
}
