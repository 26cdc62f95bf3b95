using System.Net.Security;
using System.Security.Authentication;
using Granary.Security.Certificates;
using Microsoft.Extensions.Logging;

namespace Granary.Security;

/// <summary>The certificates that new connections use, which may be replaced at any time. Thread-safe.</summary>
public sealed class TlsCredentials
{
    // Neither the operating system's choice nor what is older.
    internal const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    private readonly ReloadedFiles<Credentials> _files;

    /// <summary>Loads the files.</summary>
    /// <param name="files">Where they are.</param>
    /// <param name="own">What the certificate has to be good for; <see langword="null"/>: others find out.</param>
    /// <param name="time">When to look at them again.</param>
    /// <param name="logger">For what is found then.</param>
    /// <exception cref="GranaryException">A file cannot be read, or they do not belong together, or others would refuse them.</exception>
    internal TlsCredentials(TlsFiles files, PeerRole? own, TimeProvider time, ILogger<TlsCredentials> logger) => _files = new(
        [files.CertificateFile, files.KeyFile, files.AuthorityFile],
        () => Load(files, own),
        time,
        loaded => logger.CertificateReloaded(files.CertificateFile, loaded.Expiry),
        reason => logger.CertificateNotReloaded(files.CertificateFile, reason));

    internal Credentials Current => _files.Current;

    /// <summary>
    /// For a server that shows its certificate and lets clients prove in another way who they are: memcached's, HTTP. To
    /// be asked for each connection.
    /// </summary>
    public SslServerAuthenticationOptions CreateServerOptions() => new()
    {
        ServerCertificateContext = Current.Own,
        EnabledSslProtocols = Protocols,
        AllowRenegotiation = false,
    };

    private static Credentials Load(TlsFiles files, PeerRole? own)
    {
        var loaded = Credentials.Load(files);
        if (own is { } role)
        {
            loaded.Verify(role, files);
        }

        return loaded;
    }
}
