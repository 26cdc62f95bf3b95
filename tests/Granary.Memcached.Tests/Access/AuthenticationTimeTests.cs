using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;

namespace Granary.Memcached.Tests.Access;

/// <summary>Who does not authenticate in time is disconnected, on a plain port and on one of TLS.</summary>
public sealed class AuthenticationTimeTests : IDisposable
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(7);

    private readonly TemporaryUserFile _file = new(AuthenticationCases.UserFile);
    private readonly X509Certificate2 _certificate = TestCertificates.Create("server");

    public void Dispose()
    {
        _file.Dispose();
        _certificate.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_ThatSaysNothing_IsDisconnectedInTimeAsync(bool isTls)
    {
        await using TestGateway gateway = await StartAsync(isTls);
        await using TestClient client = await ConnectAsync(gateway, isTls);
        await gateway.Time.TimerSetAsync(Time);

        gateway.Time.Advance(Time);

        Assert.True(await client.IsEndedAsync());
        Assert.Equal(1, gateway.State.AuthenticationTimeouts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_ThatFailsAndDoesNotRead_IsDisconnectedInTimeAsync(bool isTls)
    {
        await using TestGateway gateway = await StartAsync(isTls);
        await using TestClient client = await ConnectAsync(gateway, isTls);
        await gateway.Time.TimerSetAsync(Time);
        string lines = string.Concat(Enumerable.Repeat("x\r\n", 10_000));
        Task flood = FloodAsync();

        gateway.Time.Advance(Time);

        await Assert.ThrowsAsync<IOException>(() => flood);
        Assert.Equal(1, gateway.State.AuthenticationTimeouts);

        async Task FloodAsync()
        {
            while (true)
            {
                await client.SendAsync(lines);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_ThatHasAuthenticated_StaysAsync(bool isTls)
    {
        await using TestGateway gateway = await StartAsync(isTls);
        await using TestClient client = await ConnectAsync(gateway, isTls);
        Assert.Equal("STORED\r\n", await client.AskAsync(AuthenticationCases.Authenticate, "STORED\r\n"));

        gateway.Time.Advance(10 * Time);

        Assert.Equal("END\r\n", await client.AskAsync("get k\r\n", "END\r\n"));
        Assert.Equal(0, gateway.State.AuthenticationTimeouts);
    }

    private async Task<TestGateway> StartAsync(bool isTls)
    {
        var options = new GatewayOptions { UserFile = _file.Path, AuthenticationTime = Time };
        if (isTls)
        {
            options.Tls = () => new SslServerAuthenticationOptions { ServerCertificate = _certificate };
        }

        return await TestGateway.StartAsync(options);
    }

    private static async Task<TestClient> ConnectAsync(TestGateway gateway, bool isTls)
    {
        TestClient client = await gateway.ConnectAsync();
        return isTls ? await client.SecureAsync() : client;
    }
}
