namespace Granary.Security;

/// <summary>
/// Where a silo or a client has its certificate: PEM files, which may be replaced at any time. New connections use the
/// new ones within 10 s; those that are there stay.
/// </summary>
/// <param name="CertificateFile">The certificate, and after it those between it and the authority, if any.</param>
/// <param name="KeyFile">Its private key, not encrypted (<c>BEGIN PRIVATE KEY</c> and the older forms).</param>
/// <param name="AuthorityFile">
/// The certificates of the authorities whose holders are let in; none of the machine's own counts. Whoever has a
/// certificate of these may do everything: let the cluster have one of its own.
/// </param>
public sealed record TlsFiles(string CertificateFile, string KeyFile, string AuthorityFile)
{
    /// <summary>The three in one folder by the names that Kubernetes and cert-manager give them: tls.crt, tls.key, ca.crt.</summary>
    /// <param name="folder">The folder, for example that of a mounted secret.</param>
    public static TlsFiles In(string folder) => new(
        Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"), Path.Combine(folder, "ca.crt"));
}
