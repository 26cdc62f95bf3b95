using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Granary.Security.Certificates;

/// <summary>What <see cref="TlsFiles"/> had at one time: the own certificate and the authorities.</summary>
internal sealed class Credentials
{
    // Never disposed: connections that began with them may still be using them, and they are few.
    private Credentials(SslStreamCertificateContext own, X509Certificate2Collection authorities)
    {
        Own = own;
        Authorities = authorities;
    }

    /// <summary>The own certificate, its key, and what lies between it and its authority.</summary>
    public SslStreamCertificateContext Own { get; }

    /// <summary>Those whose holders are let in.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>Until when the own certificate is valid.</summary>
    public DateTimeOffset Expiry => new(Own.TargetCertificate.NotAfter.ToUniversalTime());

    /// <summary>Reads the three files.</summary>
    /// <exception cref="GranaryException">One cannot be read, or they do not belong together; the message names it.</exception>
    public static Credentials Load(TlsFiles files)
    {
        X509Certificate2Collection authorities = ReadCertificates(files.AuthorityFile);
        X509Certificate2Collection chain = ReadCertificates(files.CertificateFile);
        X509Certificate2 own = WithKey(chain[0], files);
        chain.RemoveAt(0);
        return new Credentials(SslStreamCertificateContext.Create(own, chain, offline: true), authorities);
    }

    /// <summary>Whether others of this authority would let it in: better said here than by their closing connections.</summary>
    /// <exception cref="GranaryException">They would not; the message says why.</exception>
    public void Verify(PeerRole role, TlsFiles files)
    {
        using var chain = new X509Chain { ChainPolicy = PeerCheck.PolicyOf(Authorities) };
        chain.ChainPolicy.ExtraStore.AddRange(Own.IntermediateCertificates.ToArray());
        if (!chain.Build(Own.TargetCertificate))
        {
            string reasons = string.Join(", ", chain.ChainStatus.Select(status => status.Status));
            throw new GranaryException(
                $"The certificate in '{files.CertificateFile}' would be refused ({reasons}): it must be valid now, and of an "
                + $"authority in '{files.AuthorityFile}'.");
        }

        if (!PeerCheck.IsFor(Own.TargetCertificate, role))
        {
            throw new GranaryException(
                $"The certificate in '{files.CertificateFile}' would be refused: its extended key usage must be "
                + (role == PeerRole.Silo ? "serverAuth and clientAuth, as a silo's." : "clientAuth."));
        }
    }

    private static X509Certificate2Collection ReadCertificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Unreadable(file, exception);
        }

        return certificates.Count > 0
            ? certificates
            : throw new GranaryException($"The certificate file '{file}' has no certificate in PEM (BEGIN CERTIFICATE).");
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, TlsFiles files)
    {
        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), File.ReadAllText(files.KeyFile));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(files.KeyFile, exception);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new GranaryException(
                $"The key file '{files.KeyFile}' is not the key of the first certificate in '{files.CertificateFile}': it must "
                + "be an unencrypted private key in PEM.",
                exception);
        }
    }

    private static GranaryException Unreadable(string file, Exception exception) =>
        new($"The file '{file}' cannot be read as certificates: {exception.Message}", exception);
}
