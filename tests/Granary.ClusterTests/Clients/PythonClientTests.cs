using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Security;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Clients;

/// <summary>Clients that nobody here wrote, against a silo; and against memcached, which proves what they expect.</summary>
[Collection(ProcessCollection.Name)]
public sealed class PythonClientTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("pymemcache")]
    [InlineData("pylibmc")]
    [InlineData("pylibmc", "--binary")]
    [InlineData("bmemcached")]
    public async Task Drive_OfASilo_FindsNothingWrongAsync(string module, params string[] options)
    {
        RequiredProgram.LocatePythonWith(module);
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 1, "64MiB");

        await DriveAsync(module, cluster.Primary.Ports.Memcached, options);
    }

    [Theory]
    [InlineData("pymemcache")]
    [InlineData("pylibmc")]
    [InlineData("pylibmc", "--binary")]
    [InlineData("bmemcached")]
    public async Task Drive_OfMemcachedItself_FindsNothingWrongAsync(string module, params string[] options)
    {
        RequiredProgram.LocatePythonWith(module);
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();

        await DriveAsync(module, memcached.Port, options);
    }

    [Fact]
    public async Task Drive_OfASiloWithUsers_FindsNothingWrongAsync()
    {
        RequiredProgram.LocatePythonWith("bmemcached");
        using var credentials = CredentialSet.Create();
        await using SiloProcess silo = await SiloProcess.StartAsync(
            "a", "64MiB", primary: null, "--credentials", credentials.SiloFolder, "--memcached-tls", "false");

        await DriveAsync("bmemcached", silo.Ports.Memcached, credentials.MemcachedUser.Split(' '));
    }

    private static async Task DriveAsync(string module, int port, params string[] options)
    {
        await using ChildProcess script = PythonScript.Start(
            $"{module}_drive.py", module, ["127.0.0.1", $"{port}", .. options]);

        int exitCode = await script.WaitForExitAsync(Deadline);

        Assert.True(exitCode == 0, script.Output.ToString());
        Assert.Matches("^ok [0-9]+ checks$", script.Output.Lines()[^1]);
    }
}
