using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;

namespace Granary.Memcached.Tests.Connections;

/// <summary>The port at a Unix socket.</summary>
[UnsupportedOSPlatform("windows")] // files have no mode there
public sealed class UnixSocketTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("granary-socket-");

    private string SocketFile => Path.Combine(_folder.FullName, "memcached.sock");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Client_OfTheSocket_IsServedAsThoseOfTcpAreAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(new GatewayOptions { UnixSocket = SocketFile });
        await using TestClient local = await TestGateway.ConnectAsync(SocketFile);
        await using TestClient remote = await gateway.ConnectAsync();

        Assert.Equal("STORED\r\n", await local.AskAsync("set k 0 0 1\r\nx\r\n", "STORED\r\n"));

        const string Hit = "VALUE k 0 1\r\nx\r\nEND\r\n";
        Assert.Equal(Hit, await remote.AskAsync("get k\r\n", Hit));
        Assert.Equal(Hit, await local.AskAsync("get k\r\n", Hit));
        Assert.Equal(2, gateway.Gateway.EndPoints.Count);
    }

    [Fact]
    public async Task Port_OfTheSocketAlone_HasNoTcpAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(
            new GatewayOptions { UnixSocket = SocketFile, ListensOnTcp = false });
        await using TestClient local = await TestGateway.ConnectAsync(SocketFile);

        Assert.Equal("END\r\n", await local.AskAsync("get k\r\n", "END\r\n"));
        Assert.Equal(0, gateway.Gateway.EndPoint.Port);
        Assert.IsType<UnixDomainSocketEndPoint>(Assert.Single(gateway.Gateway.EndPoints));
    }

    [Fact]
    public async Task Port_WithoutASocketAndWithoutTcp_DoesNotStartAsync()
    {
        GranaryException refusal = await Assert.ThrowsAsync<GranaryException>(
            () => TestGateway.StartAsync(new GatewayOptions { ListensOnTcp = false }));

        Assert.Contains("ListensOnTcp", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x1C0)] // 0700
    [InlineData(0x1B6)] // 0666
    public async Task File_HasTheModeThatIsAskedForAsync(int mode)
    {
        await using TestGateway gateway = await TestGateway.StartAsync(
            new GatewayOptions { UnixSocket = SocketFile, UnixSocketMode = (UnixFileMode)mode });

        Assert.Equal((UnixFileMode)mode, File.GetUnixFileMode(SocketFile));
    }

    [Fact]
    public async Task File_ByDefault_IsItsOwnersAloneAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(new GatewayOptions { UnixSocket = SocketFile });

        Assert.Equal((UnixFileMode)0x1C0, File.GetUnixFileMode(SocketFile)); // 0700, memcached's -a
    }

    [Fact]
    public async Task File_OfAServerThatStops_IsDeletedAsync()
    {
        await using (await TestGateway.StartAsync(new GatewayOptions { UnixSocket = SocketFile }))
        {
            for (int number = 0; number < 2; number++) // nor does it go with a client
            {
                await using TestClient client = await TestGateway.ConnectAsync(SocketFile);
                await client.SendAsync("quit\r\n");
                Assert.True(await client.IsEndedAsync());
            }

            Assert.True(File.Exists(SocketFile));
        }

        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task File_OfAServerThatIsDead_IsReplacedAsync()
    {
        var address = new UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, "dead"));
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(address);
            File.Move($"{address}", SocketFile); // .NET deletes the name that it has bound
        }

        Assert.True(File.Exists(SocketFile));

        await using TestGateway gateway = await TestGateway.StartAsync(new GatewayOptions { UnixSocket = SocketFile });
        await using TestClient client = await TestGateway.ConnectAsync(SocketFile);

        Assert.Equal("END\r\n", await client.AskAsync("get k\r\n", "END\r\n"));
    }

    [Fact]
    public async Task File_OfAServerThatLives_IsLeftToItAsync()
    {
        await using TestGateway first = await TestGateway.StartAsync(new GatewayOptions { UnixSocket = SocketFile });

        GranaryException refusal = await Assert.ThrowsAsync<GranaryException>(
            () => TestGateway.StartAsync(new GatewayOptions { UnixSocket = SocketFile }));

        Assert.Contains("another process listens there", refusal.Message, StringComparison.Ordinal);
        await using TestClient client = await TestGateway.ConnectAsync(SocketFile);
        Assert.Equal("END\r\n", await client.AskAsync("get k\r\n", "END\r\n"));
    }

    [Fact]
    public async Task File_ThatIsNoSocket_IsNotTouchedAsync()
    {
        await File.WriteAllTextAsync(SocketFile, "precious", TestContext.Current.CancellationToken);

        GranaryException refusal = await Assert.ThrowsAsync<GranaryException>(
            () => TestGateway.StartAsync(new GatewayOptions { UnixSocket = SocketFile }));

        Assert.Contains(SocketFile, refusal.Message, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(SocketFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Client_OfTheSocketOfAPortWithTls_NeedsNoneAsync()
    {
        using X509Certificate2 certificate = TestCertificates.Create("server");
        await using TestGateway gateway = await TestGateway.StartAsync(new GatewayOptions
        {
            UnixSocket = SocketFile,
            Tls = () => new SslServerAuthenticationOptions { ServerCertificate = certificate },
        });
        await using TestClient local = await TestGateway.ConnectAsync(SocketFile);
        await using TestClient remote = await (await gateway.ConnectAsync()).SecureAsync();

        Assert.Equal("STORED\r\n", await local.AskAsync("set k 0 0 1\r\nx\r\n", "STORED\r\n"));

        const string Hit = "VALUE k 0 1\r\nx\r\nEND\r\n";
        Assert.Equal(Hit, await remote.AskAsync("get k\r\n", Hit));
    }
}
