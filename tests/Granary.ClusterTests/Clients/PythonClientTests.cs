using Granary.ClusterTests.Processes;
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
    public async Task Drive_OfASilo_FindsNothingWrongAsync(string module)
    {
        RequiredProgram.LocatePythonWith(module);
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 1, "64MiB");

        await DriveAsync(module, cluster.Primary.Ports.Memcached);
    }

    [Theory]
    [InlineData("pymemcache")]
    [InlineData("pylibmc")]
    public async Task Drive_OfMemcachedItself_FindsNothingWrongAsync(string module)
    {
        RequiredProgram.LocatePythonWith(module);
        await using MemcachedProcess memcached = await MemcachedProcess.StartAsync();

        await DriveAsync(module, memcached.Port);
    }

    private static async Task DriveAsync(string module, int port)
    {
        await using ChildProcess script = PythonScript.Start($"{module}_drive.py", module, "127.0.0.1", $"{port}");

        int exitCode = await script.WaitForExitAsync(Deadline);

        Assert.True(exitCode == 0, script.Output.ToString());
        Assert.Matches("^ok [0-9]+ checks$", script.Output.Lines()[^1]);
    }
}
