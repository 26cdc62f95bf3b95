using System.Globalization;
using System.Net;
using Granary.Benchmarks.Peers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.PostgreSql;

/// <summary>A table as a queue, claimed with SKIP LOCKED, on PostgreSQL as Debian installs it.</summary>
internal sealed class PostgreSqlPeer : IQueuePeer
{
    private const string SystemUser = "postgres"; // Debian's; PostgreSQL refuses to run as root
    private const string DatabaseUser = "granary";

    private readonly string? _programs = FindPrograms();

    public string Name => "postgresql";

    public bool IsPresent => _programs is not null;

    public string? SetupFor(DurabilityClass durability) => durability switch
    {
        DurabilityClass.Strict => "SKIP LOCKED, synchronous_commit=on",
        DurabilityClass.Buffered => "SKIP LOCKED, synchronous_commit=off (a crash of its own loses up to 0.6 s)",
        _ => null,
    };

    public async Task<IQueueUnderTest> StartAsync(
        DurabilityClass durability, int? cpu, CancellationToken cancellationToken)
    {
        var folder = new DataFolder();
        BrokerProcess? broker = null;
        try
        {
            await RunAsync("chown", [SystemUser, folder.Path], cancellationToken);
            ServerCommand initialize = AsSystemUser(
                "initdb", ["-D", DataOf(folder), "-U", DatabaseUser, "-A", "trust", "-E", "UTF8", "--no-sync"]);
            await RunAsync(initialize.Program, initialize.Arguments, cancellationToken);

            IPEndPoint endPoint = Loopback.FreeEndPoint();
            ServerCommand command = AsSystemUser("postgres", Settings(durability, folder, endPoint)) with
            {
                Cpu = cpu,
                Directory = folder.Path,
                StopsByInterrupt = true, // after SIGTERM it waits for its clients
            };
            broker = await BrokerProcess.StartAsync(command, endPoint, cancellationToken);
            string connection = $"Host={endPoint.Address};Port={endPoint.Port};Database=postgres;"
                + $"Username={DatabaseUser};Maximum Pool Size={PostgreSqlQueue.PoolSize};Max Auto Prepare=20;"
                + "Auto Prepare Min Usages=2;Timeout=30;Command Timeout=120";
            return await PostgreSqlQueue.ConnectAsync(folder, broker, connection, cancellationToken);
        }
        catch
        {
            await (broker?.DisposeAsync() ?? ValueTask.CompletedTask);
            folder.Dispose();
            throw;
        }
    }

    private static string DataOf(DataFolder folder) => Path.Combine(folder.Path, "data");

    private static string[] Settings(DurabilityClass durability, DataFolder folder, IPEndPoint endPoint)
    {
        string[] settings =
        [
            $"listen_addresses={endPoint.Address}",
            string.Create(CultureInfo.InvariantCulture, $"port={endPoint.Port}"),
            "unix_socket_directories=",
            "max_connections=250",
            "shared_buffers=256MB", // Debian's 128 MB is for the smallest machines
            "enable_seqscan=off", // or statements prepared while the table was empty would read all of it
            "max_wal_size=4GB", // no checkpoint in the middle of a round only because the default is 1 GB
            $"synchronous_commit={(durability == DurabilityClass.Strict ? "on" : "off")}",
        ];
        return ["-D", DataOf(folder), .. settings.SelectMany(setting => (string[])["-c", setting])];
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

    private ServerCommand AsSystemUser(string program, string[] arguments)
    {
        string path = Path.Combine(_programs!, program);
        return Environment.IsPrivilegedProcess
            ? new ServerCommand(
                "setpriv", [$"--reuid={SystemUser}", $"--regid={SystemUser}", "--init-groups", path, .. arguments])
            : new ServerCommand(path, arguments);
    }

    private static async Task RunAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (program == "chown" && !Environment.IsPrivilegedProcess)
        {
            return;
        }

        await using ServerProcess process = ServerProcess.Start(
            new ServerCommand(program, arguments) { Directory = Path.GetTempPath() });
        await process.WaitForSuccessAsync(cancellationToken);
    }
}
