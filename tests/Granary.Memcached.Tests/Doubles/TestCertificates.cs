using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Granary.Memcached.Tests.Doubles;

/// <summary>Self-signed certificates.</summary>
internal static class TestCertificates
{
    private static readonly DateTimeOffset NotBefore = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static X509Certificate2 Create(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(NotBefore, NotBefore.AddYears(100));
    }
}
