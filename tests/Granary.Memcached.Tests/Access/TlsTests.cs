using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Granary.Memcached.Server;
using Granary.Memcached.Tests.Doubles;
using Microsoft.Extensions.Logging;

namespace Granary.Memcached.Tests.Access;

/// <summary>The memcached port with TLS.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(7);

    private readonly X509Certificate2 _certificate = TestCertificates.Create("server");
    private readonly GatewayOptions _options;

    public TlsTests() => _options = new GatewayOptions
    {
        Tls = () => new SslServerAuthenticationOptions { ServerCertificate = _certificate },
        HandshakeTime = HandshakeTime,
        DrainTime = TimeSpan.FromMinutes(1), // a test that needs it has failed
    };

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task Conversation_InTls_IsAnsweredAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(_options);
        await using TestClient client = await ConnectAsync(gateway);
        const string Answers = "STORED\r\nVALUE a 5 3\r\nxyz\r\nEND\r\nNOT_FOUND\r\n";

        string answers = await client.AskAsync("set a 5 0 3\r\nxyz\r\nget a\r\ndelete b\r\nquit\r\n", Answers);

        Assert.Equal(Answers, answers);
        Assert.True(await client.IsEndedAsync());
        Assert.Equal(1, gateway.State.Handshakes.Succeeded);
        Assert.Equal(0, gateway.State.Budget.UsedBytes);
        GatewayCounters counters = gateway.State.SumCounters(); // of a connection that has ended
        Assert.Equal((1, 1, Answers.Length), (counters.CmdSet, counters.CmdGet, counters.BytesWritten));
    }

    [Fact]
    public async Task Value_OfManyRecords_GoesInAndOutAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(_options);
        await using TestClient client = await ConnectAsync(gateway);
        string value = string.Concat(Enumerable.Range(0, 90_000).Select(number => $"{number,10}"));

        Assert.Equal("STORED\r\n", await client.AskAsync($"set a 0 0 {value.Length}\r\n{value}\r\n", "STORED\r\n"));
        string expected = $"VALUE a 0 {value.Length}\r\n{value}\r\nEND\r\n";

        Assert.Equal(expected, await client.AskAsync("get a\r\n", expected));
    }

    [Fact]
    public async Task Client_WithoutTls_IsDisconnectedWithNoMoreThanALineForWhoLooksAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(_options);
        await using TestClient client = await gateway.ConnectAsync();

        await client.SendAsync("version\r\nversion\r\n");

        Assert.True(await client.IsEndedAsync());
        Assert.Equal(1, gateway.State.Handshakes.Failed);
        Assert.DoesNotContain('\n', Assert.Single(gateway.Logger.Debug));
        Assert.DoesNotContain(gateway.Logger.Levels, level => level > LogLevel.Information);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001")] // the first bytes of a ClientHello
    public async Task Handshake_ThatStalls_IsEndedInTimeAsync(string sent)
    {
        await using TestGateway gateway = await TestGateway.StartAsync(_options);
        await using TestClient client = await gateway.ConnectAsync();
        await client.SendAsync(sent);
        await gateway.Time.TimerSetAsync(HandshakeTime);
        Assert.Equal(1, gateway.State.Clients.Present);

        gateway.Time.Advance(HandshakeTime);

        Assert.True(await client.IsEndedAsync());
        Assert.Equal(1, gateway.State.Handshakes.Failed);
        Assert.Equal(0, gateway.State.Clients.Present);
        Assert.DoesNotContain(gateway.Logger.Levels, level => level > LogLevel.Information);
    }

    [Fact]
    public async Task Handshake_OneTooMany_IsRefusedUntilOthersHaveEndedAsync()
    {
        _options.MaxHandshakes = 2;
        await using TestGateway gateway = await TestGateway.StartAsync(_options);
        await using TestClient first = await gateway.ConnectAsync();
        await using TestClient second = await gateway.ConnectAsync();
        await gateway.Time.TimerSetAsync(HandshakeTime);
        await gateway.Time.TimerSetAsync(HandshakeTime);

        await using TestClient third = await gateway.ConnectAsync();
        Assert.True(await third.IsEndedAsync());
        Assert.Equal(1, gateway.State.Handshakes.Refused);
        await first.SecureAsync(); // it was only slow
        Assert.Equal("END\r\n", await first.AskAsync("get k\r\n", "END\r\n"));

        await using TestClient fourth = await ConnectAsync(gateway);
        Assert.Equal("END\r\n", await fourth.AskAsync("get k\r\n", "END\r\n"));
        Assert.Equal((2, 0), (gateway.State.Handshakes.Succeeded, gateway.State.Handshakes.Failed));
    }

    [Fact]
    public async Task Connection_OneTooMany_IsClosedWithoutAByteAsync()
    {
        _options.MaxConnections = 1;
        await using TestGateway gateway = await TestGateway.StartAsync(_options);
        await using TestClient first = await ConnectAsync(gateway);
        await using TestClient second = await gateway.ConnectAsync();

        Assert.True(await second.IsEndedAsync());
        Assert.Equal(1, gateway.State.Clients.Refused);
    }

    [Fact]
    public async Task Certificate_Changed_CountsForTheNextConnectionAsync()
    {
        using X509Certificate2 renewed = TestCertificates.Create("renewed");
        X509Certificate2 current = _certificate;
        _options.Tls = () => new SslServerAuthenticationOptions { ServerCertificate = current };
        await using TestGateway gateway = await TestGateway.StartAsync(_options);
        await using TestClient old = await ConnectAsync(gateway);

        current = renewed;
        await using TestClient next = await ConnectAsync(gateway);

        Assert.Equal("CN=server", old.ServerCertificate!.Subject);
        Assert.Equal("CN=renewed", next.ServerCertificate!.Subject);
        Assert.Equal("END\r\n", await old.AskAsync("get k\r\n", "END\r\n"));
    }

    [Fact]
    public async Task Options_ThatCannotBeMade_AreAnErrorOfOneConnectionAsync()
    {
        Func<SslServerAuthenticationOptions> working = _options.Tls!;
        bool fails = true;
        _options.Tls = () => fails ? throw new IOException("no file") : working();
        await using TestGateway gateway = await TestGateway.StartAsync(_options);
        await using TestClient client = await gateway.ConnectAsync();

        Assert.True(await client.IsEndedAsync());
        Assert.Contains(LogLevel.Error, gateway.Logger.Levels);
        fails = false;
        await using TestClient next = await ConnectAsync(gateway);

        Assert.Equal("END\r\n", await next.AskAsync("get k\r\n", "END\r\n"));
    }

    [Fact]
    public async Task Client_WithoutTheCertificateThatIsRequired_IsNotServedAsync()
    {
        using X509Certificate2 known = TestCertificates.Create("known");
        using X509Certificate2 other = TestCertificates.Create("other");
        _options.Tls = () => new SslServerAuthenticationOptions
        {
            ServerCertificate = _certificate,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, shown, _, _) => known.Equals(shown),
        };
        await using TestGateway gateway = await TestGateway.StartAsync(_options);

        Assert.Empty(await AskOnceAsync(gateway, null));
        Assert.Empty(await AskOnceAsync(gateway, other));
        Assert.Equal("END\r\n", await AskOnceAsync(gateway, known));
        await gateway.Gateway.StoppingAsync(new CancellationToken(canceled: true)); // now the server knows it, too
        Assert.Equal((1, 2), (gateway.State.Handshakes.Succeeded, gateway.State.Handshakes.Failed));
    }

    [Fact]
    public async Task Drain_ClosesTheIdleAndLetsTheOthersFinishAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(_options);
        await using TestClient idle = await ConnectAsync(gateway);
        await using TestClient late = await ConnectAsync(gateway);
        await using TestClient busy = await ConnectAsync(gateway);
        await using TestClient stalled = await gateway.ConnectAsync();
        Assert.Equal("END\r\n", await busy.AskAsync("get a\r\nset a 0 0 3\r\nxy", "END\r\n"));

        Task drained = gateway.Gateway.StoppingAsync(CancellationToken.None);
        await gateway.Time.TimerSetAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("END\r\n", await late.AskAsync("get a\r\n", "END\r\n"));
        Assert.True(await late.IsEndedAsync());
        gateway.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await idle.IsEndedAsync());
        Assert.True(await stalled.IsEndedAsync());
        Assert.Equal("STORED\r\n", await busy.AskAsync("z\r\n", "STORED\r\n"));
        Assert.True(await busy.IsEndedAsync());
        await late.DisposeAsync();
        await busy.DisposeAsync();

        await drained;
        Assert.Equal(0, gateway.State.Clients.Present);
    }

    [Fact]
    public async Task Statistics_SayThatThereIsTlsAsync()
    {
        await using TestGateway gateway = await TestGateway.StartAsync(_options);
        using var client = new Conversation(gateway.State);

        Assert.Contains("STAT ssl_enabled yes\r\n", client.Send("stats settings\r\n"), StringComparison.Ordinal);
        Assert.Contains("STAT ssl_handshake_errors 0\r\n", client.Send("stats\r\n"), StringComparison.Ordinal);
    }

    private static async Task<TestClient> ConnectAsync(TestGateway gateway) =>
        await (await gateway.ConnectAsync()).SecureAsync();

    // The answer, or nothing if the server ends the connection. With TLS 1.3 a client hears of that only afterwards.
    private static async Task<string> AskOnceAsync(TestGateway gateway, X509Certificate2? certificate)
    {
        await using TestClient client = await gateway.ConnectAsync();
        try
        {
            await client.SecureAsync(certificate);
            return await client.AskAsync("get k\r\n", "END\r\n");
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return string.Empty;
        }
    }
}
