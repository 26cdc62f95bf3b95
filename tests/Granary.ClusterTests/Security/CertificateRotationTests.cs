using System.Diagnostics;
using Granary.Client;
using Granary.ClusterTests.Silos;
using Granary.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.Security;

/// <summary>The files of a silo that runs are replaced, here even by those of another authority.</summary>
public sealed class CertificateRotationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60); // it looks at them every 10 s

    [Fact]
    public async Task Certificates_Replaced_CountForNewConnectionsWithoutARestartAsync()
    {
        using var before = CredentialSet.Create();
        using var after = CredentialSet.Create();
        await using SiloProcess silo = await SiloProcess.StartAsync(
            "a", "32MiB", primary: null, "--credentials", before.SiloFolder);
        using IHost old = await CredentialSet.ConnectAsync($"{silo.Gateway}", before.Client);
        IGranaryCache cache = old.Services.GetRequiredService<IGranaryCache>();
        await cache.SetAsync("kept", 1);

        before.ReplaceSilo(after);
        var clock = Stopwatch.StartNew();
        using IHost fresh = await ConnectUntilLetInAsync(silo, after.Client, clock);
        output.WriteLine($"The new certificate is let in after {clock.Elapsed.TotalSeconds:0.0} s.");

        Assert.Equal(1, (await fresh.Services.GetRequiredService<IGranaryCache>().GetAsync<int>("kept")).Value);
        Assert.Equal(1, (await cache.GetAsync<int>("kept")).Value); // a connection that was there stays
        await Assert.ThrowsAnyAsync<GranaryException>(() => CredentialSet.ConnectAsync($"{silo.Gateway}", before.Client));
        await old.StopAsync();
        await fresh.StopAsync();
        Assert.Equal(0, await silo.TerminateAsync());
    }

    private static async Task<IHost> ConnectUntilLetInAsync(SiloProcess silo, TlsFiles tls, Stopwatch clock)
    {
        while (true)
        {
            try
            {
                return await CredentialSet.ConnectAsync($"{silo.Gateway}", tls);
            }
            catch (GranaryException) when (clock.Elapsed < Deadline)
            {
                // Each try lasts 3 s.
            }
        }
    }
}
