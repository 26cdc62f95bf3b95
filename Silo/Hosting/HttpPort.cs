using Granary.Security;
using Granary.Silo.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Granary.Silo.Hosting;

/// <summary>The port for dashboard, health and metrics, and what those may cost who are not let in.</summary>
internal static class HttpPort
{
    private const int MaxConnections = 1024;
    private const int MaxRequestBytes = 64 << 10; // nobody sends more than a form

    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(5);

    /// <summary>Listens, by HTTPS if there is a certificate.</summary>
    public static void Listen(KestrelServerOptions kestrel, SiloSettings settings, Ports ports)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
        kestrel.Listen(settings.Bind, ports.Http, port =>
        {
            if (settings.Credentials.Tls is not null)
            {
                TlsCredentials credentials = kestrel.ApplicationServices.GetRequiredService<TlsCredentials>();
                port.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = HandshakeTime,
                    OnConnection = _ => ValueTask.FromResult(credentials.CreateServerOptions()),
                });
            }
        });
    }
}
