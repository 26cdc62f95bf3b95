using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Granary.Security.Certificates;
using Granary.Security.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Security.Tests;

/// <summary>Who is let in, by real handshakes over pipes.</summary>
public sealed class MutualTlsTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30); // of what takes no time

    private readonly CertificateAuthority _authority = new("cluster", TimeSpan.FromDays(60), TimeProvider.System);
    private readonly CertificateAuthority _other = new("another", TimeSpan.FromDays(60), TimeProvider.System);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(nameof(PeerRole.Silo), nameof(PeerRole.Silo), true)]
    [InlineData(nameof(PeerRole.Silo), nameof(PeerRole.Client), false)] // a client does not pose as a silo
    [InlineData(nameof(PeerRole.Client), nameof(PeerRole.Client), true)]
    [InlineData(nameof(PeerRole.Client), nameof(PeerRole.Silo), true)]
    public async Task Accepting_OfAPeer_IsByWhatItsCertificateIsGoodForAsync(string port, string peer, bool isLetIn)
    {
        using Party silo = Party.Of(_authority, PeerRole.Silo);
        using Party other = Party.Of(_authority, Enum.Parse<PeerRole>(peer));

        Assert.Equal(isLetIn, await TalkAsync(silo.Inbound(Enum.Parse<PeerRole>(port)), other.Outbound()));
    }

    [Fact]
    public async Task Connecting_ToOneWithAClientsCertificate_IsRefusedAsync()
    {
        using Party impostor = Party.Of(_authority, PeerRole.Client);
        using Party client = Party.Of(_authority, PeerRole.Client);

        Assert.False(await TalkAsync(impostor.Inbound(PeerRole.Client), client.Outbound()));
    }

    [Fact]
    public async Task Accepting_OfAnotherAuthoritysPeer_IsRefusedByBothAsync()
    {
        using Party silo = Party.Of(_authority, PeerRole.Silo);
        using Party stranger = Party.With(_authority, _other.Issue("test", PeerRole.Silo, [], TimeSpan.FromDays(1)));

        Assert.False(await TalkAsync(silo.Inbound(PeerRole.Client), stranger.Outbound()));
        Assert.False(await TalkAsync(stranger.Inbound(PeerRole.Client), silo.Outbound()));
    }

    [Fact]
    public async Task Accepting_OfAnExpiredCertificate_IsRefusedAsync()
    {
        var yesterday = new FakeTimeProvider(TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(1));
        using var authority = new CertificateAuthority("cluster", TimeSpan.FromDays(60), yesterday);
        using Party silo = Party.Of(authority, PeerRole.Silo);
        using Party late = Party.With(authority, authority.Issue("test", PeerRole.Client, [], TimeSpan.FromHours(23)));

        Assert.False(await TalkAsync(silo.Inbound(PeerRole.Client), late.Outbound()));
    }

    // RFC 5280 lets a certificate without the extension do everything; here it does nothing.
    [Fact]
    public async Task Accepting_OfACertificateThatSaysNotWhatItIsFor_IsRefusedAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(_authority.Certificate, _authority.ExportKey());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 issued = request.Create(
            authority, now, now + TimeSpan.FromDays(1), RandomNumberGenerator.GetBytes(16));
        using Party silo = Party.Of(_authority, PeerRole.Silo);
        using Party vague = Party.With(_authority, (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem()));

        Assert.False(await TalkAsync(silo.Inbound(PeerRole.Client), vague.Outbound()));
    }

    [Fact]
    public async Task Accepting_OfNoCertificate_IsRefusedAsync()
    {
        using Party silo = Party.Of(_authority, PeerRole.Silo);
        var link = new Link();
        bool isLetIn = false;
        Task accepting = silo.Inbound(PeerRole.Client).OnConnectionAsync(link.Accepting, _ =>
        {
            isLetIn = true;
            return Task.CompletedTask;
        });
        await using var stream = new SslStream(new TransportStream(link.Connecting.Transport));
        try
        {
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, shown, _, _) => shown is not null },
                TestContext.Current.CancellationToken);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            // With TLS 1.3 the client may hear of it only when it reads.
        }

        await accepting;
        Assert.False(isLetIn);
    }

    [Fact]
    public async Task Accepting_OfOneWhoSaysNothing_EndsAfterTheHandshakesTimeAsync()
    {
        using Party silo = Party.Of(_authority, PeerRole.Silo);
        var link = new Link();
        Task accepting = silo.Inbound(PeerRole.Client).OnConnectionAsync(link.Accepting, UnexpectedAsync);

        silo.Time.Advance(TlsMiddleware.HandshakeTime - TimeSpan.FromTicks(1));
        Assert.False(accepting.IsCompleted);
        silo.Time.Advance(TimeSpan.FromTicks(1));

        await accepting.WaitAsync(Deadline, Cancelled);
        await Task.Delay(Timeout.Infinite, link.Accepting.ConnectionClosed) // closed, a little later
            .ContinueWith(static _ => { }, Cancelled, TaskContinuationOptions.None, TaskScheduler.Default)
            .WaitAsync(Deadline, Cancelled);
    }

    [Fact]
    public async Task Accepting_OfMoreHandshakesThanThereMayBe_EndsTheRestAtOnceAsync()
    {
        using Party silo = Party.Of(_authority, PeerRole.Silo);
        using Party client = Party.Of(_authority, PeerRole.Client);
        InboundTls port = silo.Inbound(PeerRole.Client);
        Task[] stalled =
        [
            .. Enumerable.Range(0, InboundTls.MaxHandshakes)
                .Select(_ => port.OnConnectionAsync(new Link().Accepting, UnexpectedAsync)),
        ];

        await port.OnConnectionAsync(new Link().Accepting, UnexpectedAsync).WaitAsync(Deadline, Cancelled);
        Assert.DoesNotContain(stalled, handshake => handshake.IsCompleted);

        silo.Time.Advance(TlsMiddleware.HandshakeTime);
        await Task.WhenAll(stalled);
        Assert.True(await TalkAsync(port, client.Outbound()), "Nobody is let in any more.");
    }

    [Fact]
    public async Task Accepting_AfterTheFilesHaveBeenReplaced_IsByTheNewOnesAsync()
    {
        using Party silo = Party.Of(_authority, PeerRole.Silo);
        using Party client = Party.Of(_authority, PeerRole.Client);
        InboundTls port = silo.Inbound(PeerRole.Client);
        Assert.True(await TalkAsync(port, client.Outbound()));

        silo.Replace(_other, PeerRole.Silo);
        Assert.False(await TalkAsync(port, client.Outbound()));

        client.Replace(_other, PeerRole.Client);
        Assert.True(await TalkAsync(port, client.Outbound()));
    }

    // As while one authority follows another: both are trusted, in any order, and may have one name.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Authorities_OfOneName_AreBothTrustedInAnyOrderAsync(bool isOldFirst)
    {
        using var next = new CertificateAuthority("cluster", TimeSpan.FromDays(60), TimeProvider.System);
        CertificateAuthority[] both = isOldFirst ? [_authority, next] : [next, _authority];
        using Party silo = Party.Of(_authority, PeerRole.Silo).Trusting(both);
        using Party old = Party.Of(_authority, PeerRole.Client).Trusting(both);
        using Party renewed = Party.Of(next, PeerRole.Client).Trusting(both);

        Assert.True(await TalkAsync(silo.Inbound(PeerRole.Client), old.Outbound()));
        Assert.True(await TalkAsync(silo.Inbound(PeerRole.Client), renewed.Outbound()));
    }

    private static Task UnexpectedAsync(ConnectionContext connection) =>
        throw new InvalidOperationException("Somebody was let in.");

    // Whether a word went each way and nothing was let through otherwise.
    private static async Task<bool> TalkAsync(InboundTls accepting, OutboundTls connecting)
    {
        var link = new Link();
        string? heard = null;
        string? answered = null;
        Task accepted = accepting.OnConnectionAsync(link.Accepting, async connection =>
        {
            heard = await ReadAsync(connection.Transport.Input);
            await connection.Transport.Output.WriteAsync("world"u8.ToArray());
        });
        Exception? refusal = await Record.ExceptionAsync(() => connecting.OnConnectionAsync(link.Connecting, async connection =>
        {
            await connection.Transport.Output.WriteAsync("hello"u8.ToArray());
            answered = await ReadAsync(connection.Transport.Input);
        }));
        await accepted;
        Assert.True(heard is null or "hello" or "", heard); // empty: the other end has refused this one
        Assert.True(refusal is null or ConnectionAbortedException or IOException, $"{refusal}");
        Assert.False(answered is not null and not "world" and not "", answered);
        return heard == "hello" && answered == "world";
    }

    private static async Task<string> ReadAsync(PipeReader input)
    {
        ReadResult result = await input.ReadAsync();
        return Encoding.ASCII.GetString(result.Buffer.ToArray());
    }
}
