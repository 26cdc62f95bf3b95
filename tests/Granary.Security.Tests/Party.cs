using System.Diagnostics.Metrics;
using Granary.Security.Certificates;
using Granary.Security.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Granary.Security.Tests;

/// <summary>One who has a folder with a certificate. Its clock is the test's.</summary>
internal sealed class Party : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly string _folder = Directory.CreateTempSubdirectory("granary-test-").FullName;

    private Party(CertificateAuthority authority, (string Certificate, string Key) issued)
    {
        Write(authority, issued);
        Credentials = new TlsCredentials(TlsFiles.In(_folder), own: null, Time, NullLogger<TlsCredentials>.Instance);
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch);

    public TlsCredentials Credentials { get; }

    /// <summary>One whom an authority has given a certificate.</summary>
    public static Party Of(CertificateAuthority authority, PeerRole role) =>
        new(authority, authority.Issue("test", role, [], Lifetime));

    /// <summary>One who has a certificate that no authority should give.</summary>
    public static Party With(CertificateAuthority authority, (string Certificate, string Key) issued) => new(authority, issued);

    /// <summary>Lets it trust these authorities, in this order.</summary>
    public Party Trusting(params CertificateAuthority[] authorities)
    {
        File.WriteAllText(TlsFiles.In(_folder).AuthorityFile, string.Concat(authorities.Select(one => one.Certificate)));
        Time.Advance(ReloadedFiles<object>.CheckInterval);
        return this;
    }

    /// <summary>Replaces the files, and lets the time pass after which they are looked at.</summary>
    public void Replace(CertificateAuthority authority, PeerRole role)
    {
        Write(authority, authority.Issue("test", role, [], Lifetime));
        Time.Advance(ReloadedFiles<object>.CheckInterval);
    }

    public InboundTls Inbound(PeerRole peer) => new(Credentials, peer, Time, Meter(), NullLogger<InboundTls>.Instance);

    public OutboundTls Outbound() => new(Credentials, Time, Meter(), NullLogger<OutboundTls>.Instance);

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private TlsMeter Meter() => new(_services.GetRequiredService<IMeterFactory>(), Credentials, Time);

    private void Write(CertificateAuthority authority, (string Certificate, string Key) issued)
    {
        TlsFiles files = TlsFiles.In(_folder);
        File.WriteAllText(files.CertificateFile, issued.Certificate);
        File.WriteAllText(files.KeyFile, issued.Key);
        File.WriteAllText(files.AuthorityFile, authority.Certificate);
    }
}
