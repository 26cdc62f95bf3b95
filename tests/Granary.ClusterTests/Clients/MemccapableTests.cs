using System.Globalization;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Clients;

/// <summary>libmemcached's own test of servers, as Debian calls it.</summary>
[Collection(ProcessCollection.Name)]
public sealed class MemccapableTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("-b")]
    [InlineData("-a")]
    public async Task Memccapable_OfASilo_FindsItCapableAsync(string protocol)
    {
        string program = RequiredProgram.Locate("memccapable");
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 1, "64MiB");
        string port = cluster.Primary.Ports.Memcached.ToString(CultureInfo.InvariantCulture);
        await using ChildProcess memccapable = ChildProcess.Start(
            "memccapable", ChildProcess.CreateFolder(), program, ["-h", "127.0.0.1", "-p", port, protocol]);

        int exitCode = await memccapable.WaitForExitAsync(Deadline);

        Assert.True(exitCode == 0, memccapable.Output.ToString());
        Assert.Equal("All tests passed", memccapable.Output.Lines()[^1]);
    }
}
