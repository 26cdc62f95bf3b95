using System.Net.Security;
using Granary.Security.Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Granary.Security.Transport;

/// <summary>The side that accepts, of a silo's two ports.</summary>
internal sealed class InboundTls(
    TlsCredentials credentials, PeerRole peer, TimeProvider time, TlsMeter meter, ILogger<InboundTls> logger)
    : TlsMiddleware(credentials, peer, time, meter, logger)
{
    /// <summary>
    /// Handshakes under way at one port; more are refused. What a peer without a certificate costs is bounded by it and
    /// by <see cref="TlsMiddleware.HandshakeTime"/>; the start of a large cluster takes far fewer.
    /// </summary>
    public const int MaxHandshakes = 256;

    private readonly OnceInAWhile _warnings = new(TimeSpan.FromMinutes(1), time);
    private int _underWay;

    protected override bool TryBegin() => Interlocked.Increment(ref _underWay) <= MaxHandshakes;

    protected override void End() => Interlocked.Decrement(ref _underWay);

    protected override Task AuthenticateAsync(SslStream stream, CancellationToken cancellationToken)
    {
        Credentials own = Credentials;
        return stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = own.Own,
                ClientCertificateRequired = true,
                RemoteCertificateValidationCallback = Accepts,
                CertificateChainPolicy = PeerCheck.PolicyOf(own.Authorities),
                EnabledSslProtocols = TlsCredentials.Protocols,
                AllowTlsResume = false, // a resumed session would be let in by the authorities of its first handshake
                AllowRenegotiation = false,
            },
            cancellationToken);
    }

    protected override void Refused(ConnectionContext context, string reason) =>
        Logger.PeerRefused(_warnings.IsTime() ? LogLevel.Warning : LogLevel.Debug, context.RemoteEndPoint, reason);
}
