using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.CommandLine;
using Granary.ClusterTests.Processes;
using Granary.Silo.StartLine;

namespace Granary.ClusterTests.StartLine;

/// <summary>Start lines of memcached, as scripts have them, and clients of what they start.</summary>
[Collection(ProcessCollection.Name)]
public sealed class MemcachedLineTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // Debian's, with a port that is free.
    [Fact]
    public async Task Line_OfAPackage_StartsASiloThatClientsUseAsync()
    {
        await using MemcachedSilo silo = await MemcachedSilo.StartAsync("-m 64 -p -1 -u root -l 127.0.0.1 -P {folder}/memcached.pid");
        output.WriteLine($"Ready after {silo.ReadyAfter.TotalSeconds:0.00} s.");
        string pidFile = Path.Combine(silo.Folder, "memcached.pid");
        await silo.WaitUntilAsync("pid file", () => File.Exists(pidFile));

        using (RawConnection connection = await RawConnection.OpenAsync(silo.Port))
        {
            Assert.Equal("STORED", await connection.StoreAsync("set key 7 0", "value"u8.ToArray()));
            Assert.Equal("value"u8.ToArray(), await connection.GetAsync("key"));
            Assert.Equal("OK", await connection.CommandAsync("flush_all"));
            Assert.Null(await connection.GetAsync("key"));
        }

        Assert.Equal($"{silo.ProcessId}\n", await File.ReadAllTextAsync(pidFile, TestContext.Current.CancellationToken));
        Assert.Equal(0, await silo.TerminateAsync());
        Assert.False(File.Exists(pidFile));
    }

    [Fact]
    public async Task Line_WithManyFlags_DoesWhatTheySayAsync()
    {
        await using MemcachedSilo silo = await MemcachedSilo.StartAsync(
            "-p -1 -l 127.0.0.1 -m 16 -c 8 -t 2 -I 2m -b 64 -R 20 -B ascii -M -F -f 1.25 -C -o modern,idle_timeout=600");
        using RawConnection connection = await RawConnection.OpenAsync(silo.Port);

        Dictionary<string, string> settings = await StatisticsAsync(connection, "settings");

        Assert.Equal(
            "16777216 8 2 2097152 64 20 ascii off no 600 yes",
            string.Join(' ', ((string[])[
                "maxbytes", "maxconns", "num_threads", "item_size_max", "tcp_backlog", "reqs_per_event", "binding_protocol", "evictions",
                "flush_enabled", "idle_timeout", "maxconns_fast"]).Select(name => settings[name])));
        Assert.Equal("CLIENT_ERROR flush_all not allowed", await connection.CommandAsync("flush_all"));
        byte[] value = new byte[100_000];
        int stored = 0;
        string answer;
        while ((answer = await connection.StoreAsync($"set key-{stored} 0 0", value)) == "STORED" && stored < 1000)
        {
            stored++;
        }

        Assert.Equal("SERVER_ERROR out of memory storing object", answer);
        Assert.InRange(stored, 50, 160);
        Assert.NotNull(await connection.GetAsync("key-0"));
        Dictionary<string, string> statistics = await StatisticsAsync(connection, "");
        Assert.Equal("1 0 0", $"{statistics["store_no_memory"]} {statistics["evictions"]} {statistics["idle_kicks"]}");
        string[] said = silo.Output.Lines();
        Assert.All((string[])["-f", "-C", "-o modern"], flag => Assert.Contains(said, line => line.StartsWith($"granary: {flag} is ignored: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Connection_ThatSaysNothing_IsClosedAsync()
    {
        await using MemcachedSilo silo = await MemcachedSilo.StartAsync("-p -1 -l 127.0.0.1 -o idle_timeout=1");
        using RawConnection idle = await RawConnection.OpenAsync(silo.Port);
        Assert.Null(await idle.GetAsync("nothing"));

        Assert.Equal("", await idle.ReadToEndAsync());

        using RawConnection connection = await RawConnection.OpenAsync(silo.Port);
        Assert.Equal("1", (await StatisticsAsync(connection, ""))["idle_kicks"]);
    }

    [Fact]
    public async Task Line_WithUsers_AsksForOneAsync()
    {
        string folder = ChildProcess.CreateFolder();
        string users = Path.Combine(folder, "users");
        await File.WriteAllTextAsync(users, "user:password\n", TestContext.Current.CancellationToken);
        await using MemcachedSilo silo = await MemcachedSilo.StartAsync($"-p -1 -l 127.0.0.1 -Y {users}");
        using RawConnection connection = await RawConnection.OpenAsync(silo.Port);

        Assert.Equal("CLIENT_ERROR unauthenticated", await connection.CommandAsync("get key"));
        Assert.Equal("STORED", await connection.StoreAsync("set auth 0 0", "user password"u8.ToArray()));
        Assert.Null(await connection.GetAsync("key"));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Daemon_AtAUnixSocket_ServesWhenItsStarterHasEndedAsync()
    {
        string folder = ChildProcess.CreateFolder();
        string socket = Path.Combine(folder, "memcached.sock");
        string pidFile = Path.Combine(folder, "memcached.pid");
        await using ChildProcess starter = MemcachedSilo.Begin("-d -m 64 -s {folder}/memcached.sock -a 0700 -P {folder}/memcached.pid -u root", folder);

        Assert.True(await starter.WaitForExitAsync(Deadline) == 0, $"{starter.Output}");

        using var daemon = Process.GetProcessById(int.Parse(
            await File.ReadAllTextAsync(pidFile, TestContext.Current.CancellationToken), CultureInfo.InvariantCulture));
        try
        {
            Assert.NotEqual(starter.Id, daemon.Id);
            using (RawConnection connection = await RawConnection.OpenAsync(socket))
            {
                Assert.Equal("STORED", await connection.StoreAsync("set key 0 0", "value"u8.ToArray()));
                Assert.Equal("0", (await StatisticsAsync(connection, "settings"))["tcpport"]);
            }

            await SystemCommand.RunAsync("kill", $"{daemon.Id}");
            using var deadline = new CancellationTokenSource(Deadline);
            await daemon.WaitForExitAsync(deadline.Token);
            Assert.False(File.Exists(socket) || File.Exists(pidFile));
        }
        finally
        {
            daemon.Kill();
        }
    }

    [Fact]
    public async Task Daemon_ThatCannotStart_FailsInItsStarterAsync()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        await using ChildProcess starter = MemcachedSilo.Begin($"-d -l 127.0.0.1 -p {port}", ChildProcess.CreateFolder());

        Assert.Equal(1, await starter.WaitForExitAsync(Deadline));
        Assert.Contains($"port {port} on 127.0.0.1 is in use", $"{starter.Output}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_ThatIsWrong_EndsAsMemcachedsDoesAsync()
    {
        ToolRun run = await ToolRun.StartAsync(ToolRun.Silo, [], "memcached", "-m", "64", "-c", "none");

        Assert.Equal(MemcachedCommand.UsageError, run.ExitCode);
        Assert.Equal("granary: -c is 'none'; it must be a number from 1 to 1000000.\n", run.Error);
    }

    [Fact]
    public async Task Drive_ByPython_FindsNothingWrongAsync()
    {
        RequiredProgram.LocatePythonWith("pymemcache");
        await using MemcachedSilo silo = await MemcachedSilo.StartAsync("-m 64 -p -1 -U 0 -l 127.0.0.1 -c 1024 -t 4 -R 20");
        await using ChildProcess script = PythonScript.Start("pymemcache_drive.py", "pymemcache", ["127.0.0.1", $"{silo.Port}"]);

        int exitCode = await script.WaitForExitAsync(Deadline);

        Assert.True(exitCode == 0, script.Output.ToString());
    }

    private static async Task<Dictionary<string, string>> StatisticsAsync(RawConnection connection, string section)
    {
        await connection.SendAsync(section.Length == 0 ? "stats\r\n" : $"stats {section}\r\n");
        Dictionary<string, string> statistics = new(StringComparer.Ordinal);
        while (await connection.ReadLineAsync() is var line && line != "END")
        {
            string[] parts = line.Split(' ', 3);
            statistics[parts[1]] = parts[2];
        }

        return statistics;
    }
}
