using Granary.Security.Certificates;

namespace Granary.Security.Tests;

public sealed class CredentialsTests : IDisposable
{
    private readonly CertificateAuthority _authority = new("cluster", TimeSpan.FromDays(10), TimeProvider.System);
    private readonly string _folder = Directory.CreateTempSubdirectory("granary-test-").FullName;

    private TlsFiles Files => TlsFiles.In(_folder);

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Load_OfWhatAnAuthorityIssued_EndsWithTheAuthorityAtTheLatest()
    {
        Write(_authority.Issue("silo", PeerRole.Silo, ["localhost", "127.0.0.1"], TimeSpan.FromDays(1000)));

        var credentials = Credentials.Load(Files);

        Assert.InRange(credentials.Expiry - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(9.9), TimeSpan.FromDays(10));
        Assert.True(credentials.Own.TargetCertificate.MatchesHostname("localhost"));
        Assert.True(credentials.Own.TargetCertificate.MatchesHostname("127.0.0.1"));
        Assert.False(credentials.Own.TargetCertificate.MatchesHostname("example.com"));
    }

    [Fact]
    public void Load_WithAnotherCertificatesKey_NamesBoth()
    {
        (string certificate, _) = _authority.Issue("silo", PeerRole.Silo, [], TimeSpan.FromDays(1));
        (_, string key) = _authority.Issue("silo", PeerRole.Silo, [], TimeSpan.FromDays(1));
        Write((certificate, key));

        string refusal = Refused();
        Assert.Contains(Files.KeyFile, refusal, StringComparison.Ordinal);
        Assert.Contains(Files.CertificateFile, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tls.crt", "no certificate at all")]
    [InlineData("ca.crt", "")]
    [InlineData("ca.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("tls.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")]
    public void Load_OfAFileThatIsWrong_NamesIt(string name, string content)
    {
        Write(_authority.Issue("silo", PeerRole.Silo, [], TimeSpan.FromDays(1)));
        File.WriteAllText(Path.Combine(_folder, name), content);

        Assert.Contains(Path.Combine(_folder, name), Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_OfWhatOthersWouldRefuse_SaysWhy()
    {
        using var other = new CertificateAuthority("another", TimeSpan.FromDays(1), TimeProvider.System);
        Write(_authority.Issue("client", PeerRole.Client, [], TimeSpan.FromDays(1)));
        var client = Credentials.Load(Files);
        client.Verify(PeerRole.Client, Files);

        Assert.Contains("serverAuth", Refused(() => client.Verify(PeerRole.Silo, Files)), StringComparison.Ordinal);
        Write(other.Issue("silo", PeerRole.Silo, [], TimeSpan.FromDays(1)));
        Assert.Contains(Files.AuthorityFile, Refused(() => Credentials.Load(Files).Verify(PeerRole.Silo, Files)), StringComparison.Ordinal);
    }

    private static string Refused(Action action) => Assert.Throws<GranaryException>(action).Message;

    private string Refused() => Assert.Throws<GranaryException>(() => Credentials.Load(Files)).Message;

    private void Write((string Certificate, string Key) issued)
    {
        File.WriteAllText(Files.CertificateFile, issued.Certificate);
        File.WriteAllText(Files.KeyFile, issued.Key);
        File.WriteAllText(Files.AuthorityFile, _authority.Certificate);
    }
}
