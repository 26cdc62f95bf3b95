using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Security;
using Granary.ClusterTests.Silos;
using Granary.Tests.Shared.Node;

namespace Granary.ClusterTests.Clients;

/// <summary>npm's clients, as <see cref="PythonClientTests"/>.</summary>
[Collection(ProcessCollection.Name)]
public sealed class JavaScriptClientTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("memjs")]
    [InlineData("memcached")]
    public async Task Drive_OfASilo_FindsNothingWrongAsync(string package)
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 1, "64MiB");

        await DriveAsync(package, cluster.Primary.Ports.Memcached);
    }

    [Theory]
    [InlineData("memjs")]
    [InlineData("memcached")]
    public async Task Drive_OfMemcachedItself_FindsNothingWrongAsync(string package)
    {
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();

        await DriveAsync(package, memcached.Port);
    }

    [Fact]
    public async Task Drive_OfASiloWithUsers_FindsNothingWrongAsync()
    {
        using var credentials = CredentialSet.Create();
        await using SiloProcess silo = await SiloProcess.StartAsync(
            "a", "64MiB", primary: null, "--credentials", credentials.SiloFolder, "--memcached-tls", "false");

        await DriveAsync("memjs", silo.Ports.Memcached, credentials.MemcachedUser.Split(' '));
    }

    private static async Task DriveAsync(string package, int port, params string[] options)
    {
        string last = await NodeScript.RunAsync(
            $"JavaScript/{package}_drive.mjs", [package], Deadline, [$"127.0.0.1:{port}", .. options]);

        Assert.Matches("^ok [0-9]+ checks$", last);
    }
}
