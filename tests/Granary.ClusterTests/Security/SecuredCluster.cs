using System.Security.Cryptography.X509Certificates;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Security;

/// <summary>Two silos that listen on all addresses with credentials, as in production, for all tests of a class.</summary>
public sealed class SecuredCluster : IAsyncLifetime
{
    private SiloProcess[] _silos = [];

    internal CredentialSet Credentials { get; } = CredentialSet.Create();

    internal SiloProcess Silo => _silos[0];

    internal IReadOnlyList<SiloProcess> Silos => _silos;

    internal string Seeds => $"{Silo.Gateway}";

    public async ValueTask InitializeAsync()
    {
        SiloProcess first = await StartAsync("a", primary: null);
        _silos = [first];
        _silos = [first, await StartAsync("b", first)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SiloProcess silo in _silos.Reverse())
        {
            await silo.DisposeAsync();
        }

        Credentials.Dispose();
    }

    /// <summary>For a silo's HTTP port. It trusts the cluster's authority alone.</summary>
    internal HttpClient NewHttpClient(int silo = 0)
    {
        X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(Credentials.Client.AuthorityFile);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { authority },
        };
        return new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{_silos[silo].Ports.Http}") };
    }

    private Task<SiloProcess> StartAsync(string name, SiloProcess? primary) => SiloProcess.StartAsync(
        name,
        "32MiB",
        primary,
        "--credentials", Credentials.SiloFolder,
        "--bind", "0.0.0.0",
        "--advertise", "127.0.0.1");
}
