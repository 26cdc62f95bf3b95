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
    /// <param name="time">When to look at them again.</param>
    /// <param name="logger">For what is found then.</param>
    /// <exception cref="GranaryException">A file cannot be read, or they do not belong together.</exception>
    public TlsCredentials(TlsFiles files, TimeProvider time, ILogger<TlsCredentials> logger) => _files = new(
        [files.CertificateFile, files.KeyFile, files.AuthorityFile],
        () => Credentials.Load(files),
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
}
