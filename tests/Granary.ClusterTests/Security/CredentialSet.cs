using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Granary.Security;
using Granary.Silo.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Granary.ClusterTests.Security;

/// <summary>Credentials as the silo's own command makes them, in a folder of the test's.</summary>
internal sealed class CredentialSet : IDisposable
{
    private readonly string _root = ChildProcess.CreateFolder();

    // Made yesterday, so that the authority can have issued one that has expired.
    private CredentialSet() => NewCredentials.Write(
        Folder, ["localhost", "127.0.0.1"], TimeSpan.FromDays(3), new Yesterday());

    /// <summary>For <c>--credentials</c>.</summary>
    public string SiloFolder => Path.Combine(Folder, "silo");

    /// <summary>For .NET clients.</summary>
    public TlsFiles Client => TlsFiles.In(Path.Combine(Folder, "client"));

    /// <summary>The token of a role on the HTTP port.</summary>
    public string TokenOf(string role) => Line(CredentialFolder.AccessTokensName, role).Split(':')[2];

    /// <summary>User and password of the memcached port, with a space between.</summary>
    public string MemcachedUser => Line(CredentialFolder.MemcachedUsersName, "granary").Replace(':', ' ');

    private string Folder => Path.Combine(_root, "credentials");

    public static CredentialSet Create() => new();

    /// <summary>A client's certificate of this set's authority that has expired.</summary>
    public TlsFiles CreateExpiredClient()
    {
        string authority = Path.Combine(Folder, "authority");
        using X509Certificate2 issuer = X509Certificate2.CreateFromPemFile(
            Path.Combine(authority, "ca.crt"), Path.Combine(authority, "ca.key"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=late", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 issued = request.Create(
            issuer, now - TimeSpan.FromHours(12), now - TimeSpan.FromHours(1), RandomNumberGenerator.GetBytes(16));
        string folder = Directory.CreateDirectory(Path.Combine(_root, "late")).FullName;
        TlsFiles late = TlsFiles.In(folder);
        File.WriteAllText(late.CertificateFile, issued.ExportCertificatePem());
        File.WriteAllText(late.KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.Copy(Client.AuthorityFile, late.AuthorityFile);
        return late;
    }

    /// <summary>Gives the silos the credentials of another set.</summary>
    public void ReplaceSilo(CredentialSet other)
    {
        foreach (string file in Directory.EnumerateFiles(other.SiloFolder))
        {
            File.Copy(file, Path.Combine(SiloFolder, Path.GetFileName(file)), overwrite: true);
        }
    }

    /// <summary>Lets its certificates be shown to those who trust another set's authority.</summary>
    public void TrustAuthorityOf(CredentialSet other) =>
        File.Copy(other.Client.AuthorityFile, Client.AuthorityFile, overwrite: true);

    /// <summary>A .NET client that gives up after 3 s.</summary>
    /// <exception cref="GranaryUnavailableException">It is not let in.</exception>
    public static async Task<IHost> ConnectAsync(string seeds, TlsFiles? tls)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.ClearProviders();
        if (tls is not null)
        {
            // First, and so in place of the client's own, which would not even begin with what a silo refuses.
            builder.Services.AddSingleton(new TlsCredentials(tls, own: null, TimeProvider.System, NullLogger<TlsCredentials>.Instance));
        }

        builder.Services.AddGranaryClient(seeds, options =>
        {
            options.Tls = tls;
            options.ConnectTimeout = TimeSpan.FromSeconds(3);
        });
        IHost host = builder.Build();
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Line(string file, string start) =>
        File.ReadLines(Path.Combine(SiloFolder, file)).Single(line => line.StartsWith(start, StringComparison.Ordinal));

    private sealed class Yesterday : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - TimeSpan.FromDays(1);
    }
}
