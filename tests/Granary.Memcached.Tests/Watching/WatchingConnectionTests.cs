using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;

namespace Granary.Memcached.Tests.Watching;

/// <summary>Watching by a connection, on a plain port and on one of TLS.</summary>
public sealed class WatchingConnectionTests : IDisposable
{
    private const string Miss = "END\r\n";
    private const string Ok = "OK\r\n";

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(8);

    private readonly X509Certificate2 _certificate = TestCertificates.Create("server");

    public void Dispose() => _certificate.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watcher_IsToldAsItHappensHoweverLongItIsSilentAsync(bool isTls)
    {
        await using TestGateway gateway = await StartAsync(isTls);
        await using TestClient watcher = await ConnectAsync(gateway, isTls);
        Assert.Equal(Ok, await watcher.AskAsync("watch fetchers\r\n", Ok));
        await watcher.SendAsync("version\r\n"); // is not answered
        for (int number = 0; number < 3; number++)
        {
            await using TestClient client = await ConnectAsync(gateway, isTls);
            Assert.Equal(Miss, await client.AskAsync("get a\r\n", Miss));
            Assert.Contains(" type=item_get key=a status=not_found ", await ReadLineAsync(watcher), StringComparison.Ordinal);

            await gateway.PassAsync(Idle, () => ConnectAsync(gateway, isTls)); // and it is not idle, however long it is silent

            Assert.Contains(" key=other ", await ReadLineAsync(watcher), StringComparison.Ordinal); // of who has seen to that
            Assert.Contains(" key=other ", await ReadLineAsync(watcher), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connections_ThatComeAndGo_AreToldAsync(bool isTls)
    {
        await using TestGateway gateway = await StartAsync(isTls);
        await using TestClient watcher = await ConnectAsync(gateway, isTls);
        Assert.Equal(Ok, await watcher.AskAsync("watch connevents\r\n", Ok));
        TestClient client = await ConnectAsync(gateway, isTls);

        string come = await ReadLineAsync(watcher);
        await client.SendAsync("quit\r\n");
        string gone = await ReadLineAsync(watcher);
        await client.DisposeAsync();

        Assert.Matches("^ts=[0-9.]+ gid=1 type=conn_new rip=.*127\\.0\\.0\\.1 rport=[0-9]+ transport=tcp cfd=[0-9]+\n$", come);
        Assert.Equal(
            come.Replace("gid=1", "gid=2", StringComparison.Ordinal)
                .Replace("conn_new", "conn_close", StringComparison.Ordinal)
                .Replace(" cfd=", " reason=normal cfd=", StringComparison.Ordinal),
            gone);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watcher_ThatGoes_IsToldNoMoreAsync(bool isTls)
    {
        await using TestGateway gateway = await StartAsync(isTls);
        await using TestClient other = await ConnectAsync(gateway, isTls);
        Assert.Equal(Ok, await other.AskAsync("watch connevents\r\n", Ok));
        TestClient watcher = await ConnectAsync(gateway, isTls);
        Assert.Equal(Ok, await watcher.AskAsync("watch fetchers\r\n", Ok));
        Assert.Equal(2, gateway.State.Watchers.Count);

        await watcher.DisposeAsync();

        Assert.Contains(" type=conn_new ", await ReadLineAsync(other), StringComparison.Ordinal);
        Assert.Contains(" type=conn_close ", await ReadLineAsync(other), StringComparison.Ordinal);
        await using TestClient client = await ConnectAsync(gateway, isTls); // behind it in the loop
        Assert.Equal(Miss, await client.AskAsync("get a\r\n", Miss));
        Assert.False(gateway.State.Watchers.Wants(WatchedEvents.Fetchers));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watcher_DoesNotKeepTheSiloFromStoppingAsync(bool isTls)
    {
        TestGateway gateway = await StartAsync(isTls);
        await using TestClient watcher = await ConnectAsync(gateway, isTls);
        Assert.Equal(Ok, await watcher.AskAsync("watch fetchers\r\n", Ok));

        await gateway.DisposeAsync();

        Assert.True(await watcher.IsEndedAsync());
    }

    [Fact]
    public async Task Watcher_ThatDoesNotRead_SlowsNobodyAsync()
    {
        const int Many = 20_000;
        await using TestGateway gateway = await StartAsync(isTls: false);
        await using TestClient watcher = await ConnectAsync(gateway, isTls: false);
        Assert.Equal(Ok, await watcher.AskAsync("watch fetchers\r\n", Ok));
        await using TestClient client = await ConnectAsync(gateway, isTls: false);
        string answers = string.Concat(Enumerable.Repeat(Miss, Many));
        for (int turn = 0; turn < 20 && gateway.State.Watchers.Skipped == 0; turn++) // until the kernel has enough
        {
            Assert.Equal(answers, await client.AskAsync(string.Concat(Enumerable.Repeat("get a\r\n", Many)), answers));
        }

        Assert.True(gateway.State.Watchers.Skipped > 0);
    }

    private static async Task<string> ReadLineAsync(TestClient client)
    {
        string line = "";
        while (!line.EndsWith('\n'))
        {
            string one = await client.ReceiveAsync(1);
            Assert.True(one.Length > 0, $"The connection has ended after: {line}");
            line += one;
        }

        return line;
    }

    private Task<TestGateway> StartAsync(bool isTls)
    {
        var options = new GatewayOptions { IdleTime = Idle };
        if (isTls)
        {
            options.Tls = () => new SslServerAuthenticationOptions { ServerCertificate = _certificate };
        }

        return TestGateway.StartAsync(options);
    }

    private static async Task<TestClient> ConnectAsync(TestGateway gateway, bool isTls)
    {
        TestClient client = await gateway.ConnectAsync();
        return isTls ? await client.SecureAsync() : client;
    }
}
