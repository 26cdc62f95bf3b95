using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;
using Granary.Tests.Shared;

namespace Granary.ClusterTests.Silos;

/// <summary>A silo leaves under load: callers may miss and be refused, but never read a wrong value.</summary>
[Collection(ProcessCollection.Name)]
public sealed class RollingStopTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Terminate_OfOneSiloOfThreeUnderLoad_GivesNoWrongValueAsync()
    {
        HandRun.SkipUnlessLong(); // PlannedChangeTests.RollingRestart_NewOnesFirst has three
        RequiredProgram.LocatePythonWith("pymemcache");
        TraceReader.Locate(TraceReader.Web12);
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 3, "32MiB");
        await using TraceReplay replay = TraceReplay.Start(
            cluster.Primary.Ports.Memcached, TraceReader.Web12, clones: 6, tolerateErrors: true);
        await replay.WaitForProgressAsync();

        int exitCode = await cluster.Silos[2].TerminateAsync();
        bool endedBefore = replay.HasEnded;
        TraceReplayResult result = await replay.CompleteAsync();

        output.WriteLine($"{result}; the replay ended {(endedBefore ? "before" : "after")} the silo");
        Assert.Equal(0, exitCode);
        Assert.Equal(0, result.Wrong);
        Assert.True(result.Hits > 0, "Nothing was hit.");
    }
}
