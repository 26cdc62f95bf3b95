using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Binary;
using Granary.Memcached.Tests.Doubles;
using Granary.Tests.Shared.Processes;

namespace Granary.Memcached.Tests.Connections;

/// <summary>stats conns (rules of section 9).</summary>
public sealed partial class ConnectionDumpTests : IDisposable
{
    private const string Miss = "END\r\n";

    private readonly X509Certificate2 _certificate = TestCertificates.Create("server");

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task Connections_AreToldAsByMemcachedAsync()
    {
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync("-t", "1");
        await using TestGateway gateway = await TestGateway.StartAsync(new GatewayOptions());

        string theirs = await DescribeAsync(memcached.Port);
        string ours = await DescribeAsync(gateway.Gateway.EndPoint.Port);

        Assert.Equal(theirs, ours);
        Assert.Contains("conn_nread", theirs, StringComparison.Ordinal); // of 100,000 bytes, of which one has come
    }

    [Fact]
    public async Task Connection_OfTls_IsToldAsAnyAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(new GatewayOptions
        {
            Tls = () => new SslServerAuthenticationOptions { ServerCertificate = _certificate },
        });
        await using TestClient client = await (await gateway.ConnectAsync()).SecureAsync();

        Assert.Equal(
            ["addr tcp listen_addr tcp state conn_parse_cmd secs_since_last_cmd 0", "addr tcp state conn_listening secs_since_last_cmd 0"],
            Connections(await AskAsync(client)));
    }

    [Fact]
    public async Task Connection_ToAUnixSocket_HasItsPathAsync()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("granary-socket-");
        string path = Path.Combine(folder.FullName, "s");
        await using (TestGateway gateway = await TestGateway.StartAsync(new GatewayOptions { UnixSocket = path, ListensOnTcp = false }))
        {
            await using TestClient client = await TestGateway.ConnectAsync(path);

            Assert.Contains($":listen_addr unix:{path}\r\n", await AskAsync(client), StringComparison.Ordinal);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Connection_ThatHasEnded_IsToldNoMoreAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(new GatewayOptions());
        await using TestClient client = await gateway.ConnectAsync();
        for (int number = 0; number < 3; number++)
        {
            TestClient other = await gateway.ConnectAsync();
            Assert.Equal("", await other.AskAsync("quit\r\n", "x"));
            await other.DisposeAsync();
        }

        Assert.Equal(2, Connections(await AskAsync(client)).Length);
    }

    [Fact]
    public async Task Connections_ThatAreMany_AreAllToldAsync()
    {
        const int Many = 1000; // some 130 KB, twice what is sent at once
        await using TestGateway gateway = await TestGateway.StartAsync(new GatewayOptions());
        var clients = new List<TestClient>();
        for (int number = 0; number < Many; number++)
        {
            clients.Add(await gateway.ConnectAsync());
            Assert.Equal(Miss, await clients[^1].AskAsync("get k\r\n", Miss));
        }

        string answer = await AskAsync(clients[0]);

        Assert.Equal(Many + 1, Connections(answer).Length);
        Assert.EndsWith("END\r\n", answer, StringComparison.Ordinal);
        foreach (TestClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    // One that has said nothing, one that speaks binary, one in the middle of a value, and the one that asks.
    private static async Task<string> DescribeAsync(int port)
    {
        await using TestClient silent = await ConnectAsync(port);
        await using TestClient binary = await ConnectAsync(port);
        await binary.SendAsync(Ask.NoOp());
        Assert.Equal(24, (await binary.ReceiveAsync(24)).Length);
        await using TestClient storing = await ConnectAsync(port);
        Assert.Equal(Miss, await storing.AskAsync("get k\r\n", Miss));
        await storing.SendAsync("set k 0 0 100000\r\nx");
        await using TestClient client = await ConnectAsync(port);
        Assert.Equal(Miss, await client.AskAsync("get k\r\n", Miss)); // behind what the others have sent
        return string.Join('\n', Connections(await AskAsync(client)));
    }

    private static async Task<TestClient> ConnectAsync(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
        return new TestClient(new NetworkStream(socket, ownsSocket: true));
    }

    private static async Task<string> AskAsync(TestClient client)
    {
        await client.SendAsync("stats conns\r\nquit\r\n");
        return await client.ReceiveAllAsync();
    }

    // What is told of each, without descriptors and ports, and of no time beyond this moment.
    private static string[] Connections(string answer) =>
    [
        .. answer.Split("\r\n")
            .Select(static line => Line().Match(line))
            .Where(static match => match.Success)
            .GroupBy(static match => match.Groups["descriptor"].Value, StringComparer.Ordinal)
            .Select(static lines => string.Join(' ', lines.Select(static line => $"{line.Groups["what"]} {Value(line.Groups["value"].Value)}")))
            .Order(StringComparer.Ordinal),
    ];

    private static string Value(string value) => value.StartsWith("tcp:127.0.0.1:", StringComparison.Ordinal) ? "tcp"
        : value is "1" or "2" ? "0"
        : value;

    [GeneratedRegex("^STAT (?<descriptor>[0-9]+):(?<what>[a-z_]+) (?<value>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Line();
}
