using System.Net.Security;
using Granary.Security.Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Granary.Security.Transport;

/// <summary>The side that connects: a silo's to another, a client's to a gateway. The other end is to be a silo.</summary>
internal sealed class OutboundTls(TlsCredentials credentials, TimeProvider time, TlsMeter meter, ILogger<OutboundTls> logger)
    : TlsMiddleware(credentials, PeerRole.Silo, time, meter, logger)
{
    protected override Task AuthenticateAsync(SslStream stream, CancellationToken cancellationToken)
    {
        Credentials own = Credentials;
        return stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = string.Empty, // silos have addresses, which certificates need not name
                ClientCertificateContext = own.Own,
                RemoteCertificateValidationCallback = Accepts,
                CertificateChainPolicy = PeerCheck.PolicyOf(own.Authorities),
                EnabledSslProtocols = TlsCredentials.Protocols,
                AllowTlsResume = false,
                AllowRenegotiation = false,
            },
            cancellationToken);
    }

    protected override void Refused(ConnectionContext context, string reason)
    {
        Logger.NotLetIn(context.RemoteEndPoint, reason);
        throw new ConnectionAbortedException($"No secure connection to {context.RemoteEndPoint}: {reason}");
    }
}
