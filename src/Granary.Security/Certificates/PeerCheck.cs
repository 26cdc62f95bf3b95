using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Granary.Security.Certificates;

/// <summary>Decides whether the other end of a connection is let in.</summary>
internal static class PeerCheck
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>
    /// Whether the certificate is of the cluster's authority, valid now, and made for the role. Its name is not looked
    /// at: silos are found by addresses that come and go, and the authority says who belongs to the cluster.
    /// </summary>
    /// <param name="certificate">As it was shown; <see langword="null"/> for none.</param>
    /// <param name="errors">What was found when its chain was built with the authorities alone.</param>
    /// <param name="role">What it is to be.</param>
    public static bool Accepts(X509Certificate? certificate, SslPolicyErrors errors, PeerRole role) =>
        certificate is X509Certificate2 shown
        && (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None
        && IsFor(shown, role);

    /// <summary>Whether a certificate is made for a role.</summary>
    public static bool IsFor(X509Certificate2 certificate, PeerRole role)
    {
        // One without the extension would be good for everything (RFC 5280): here it has to say so.
        var uses = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .SelectMany(extension => extension.EnhancedKeyUsages.Cast<Oid>())
            .Select(use => use.Value)
            .ToHashSet(StringComparer.Ordinal);
        return uses.Contains(ClientUse) && (role == PeerRole.Client || uses.Contains(ServerUse));
    }

    /// <summary>How a chain is built: to these authorities and no others, with nothing fetched from the network.</summary>
    public static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
