using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Checking;

/// <summary>What a cluster keeps while both protocols change it, and while it is left alone or hurt a little.</summary>
[Collection(ProcessCollection.Name)]
public sealed class CheckedClusterTests(ITestOutputHelper output)
{
    [Fact]
    public async Task ThreeSilos_LeftAlone_LoseNothingAsync()
    {
        HandRun.SkipUnlessLong(); // CI has runs with faults, which find nothing either
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 3, "128MiB");
        await using ClusterCheck check = await ClusterCheck.StartAsync(
            cluster, new WorkloadSettings { ColdMebibytes = 32 });

        await check.Workload.ContinueAsync(TimeSpan.FromSeconds(10));
        CheckReport report = await check.Workload.CompleteAsync();

        output.WriteLine($"{report}");
        report.AssertNothingLost();
    }
}
