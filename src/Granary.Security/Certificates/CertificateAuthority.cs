using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Granary.Security.Certificates;

/// <summary>An authority of one cluster, for whoever has none: it issues the certificates of its silos and clients.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    // A clock that is behind the issuer's takes a new certificate as well.
    private static readonly TimeSpan Backdating = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _own;
    private readonly TimeProvider _time;

    /// <summary>Makes an authority with a key of its own.</summary>
    /// <param name="name">Common name.</param>
    /// <param name="lifetime">For which it is valid; what it issues ends with it at the latest.</param>
    /// <param name="time">Now.</param>
    public CertificateAuthority(string name, TimeSpan lifetime, TimeProvider time)
    {
        _time = time;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = RequestOf(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        DateTimeOffset now = time.GetUtcNow();
        _own = request.CreateSelfSigned(now - Backdating, now + lifetime);
    }

    /// <summary>The authority's certificate, PEM.</summary>
    public string Certificate => _own.ExportCertificatePem() + "\n";

    /// <summary>The authority's key, PEM: whoever has it lets in whom he wants.</summary>
    public string ExportKey()
    {
        using ECDsa key = _own.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>Issues a certificate.</summary>
    /// <param name="name">Common name.</param>
    /// <param name="role">What it is good for.</param>
    /// <param name="hosts">Names and addresses at which browsers and memcached clients find its holder.</param>
    /// <param name="lifetime">For which it is valid.</param>
    /// <returns>Certificate and key, PEM.</returns>
    public (string Certificate, string Key) Issue(string name, PeerRole role, IReadOnlyCollection<string> hosts, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = RequestOf(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            role == PeerRole.Silo ? [ServerUse, ClientUse] : [ClientUse], critical: false));
        // Which of two authorities of one name it is of (RFC 5280, 4.2.1.1): OpenSSL tries no second one, and Python asks for it.
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            _own, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        if (hosts.Count > 0)
        {
            request.CertificateExtensions.Add(NamesOf(hosts));
        }

        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset end = now + lifetime;
        DateTimeOffset last = new(_own.NotAfter.ToUniversalTime());
        using X509Certificate2 issued = request.Create(
            _own, now - Backdating, end < last ? end : last, RandomNumberGenerator.GetBytes(16));
        return (issued.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Dispose() => _own.Dispose();

    private static CertificateRequest RequestOf(string name, ECDsa key)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static X509Extension NamesOf(IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (string host in hosts)
        {
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return names.Build();
    }
}
