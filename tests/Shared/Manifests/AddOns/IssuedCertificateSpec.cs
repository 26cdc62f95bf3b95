namespace Granary.Tests.Shared.Manifests.AddOns;

/// <summary>What a certificate is for, and where it is put.</summary>
internal sealed class IssuedCertificateSpec
{
    public bool IsCA { get; set; }

    public string CommonName { get; set; } = "";

    public string SecretName { get; set; } = "";

    public string Duration { get; set; } = "";

    public List<string> DnsNames { get; set; } = [];

    public List<string> Usages { get; set; } = [];

    public Dictionary<string, string> PrivateKey { get; set; } = [];

    public Dictionary<string, string> IssuerRef { get; set; } = [];
}
