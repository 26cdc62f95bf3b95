using Granary.ClusterTests.Checking;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Faults;

/// <summary>An upgrade: silos of the previous build and of this one serve side by side, and nobody notices.</summary>
[Collection(ProcessCollection.Name)]
public sealed class PreviousBuildTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task RollingUpgrade_AndBack_LosesNothingAsync(int replicas)
    {
        var previous = new SiloPlace { Folder = HandRun.PreviousSiloFolder() };
        await using FaultRun run = await FaultRun.StartAsync(output, siloCount: 2, replicas, places: [previous, previous]);
        foreach (SiloProcess silo in run.Silos)
        {
            await run.AddAsync($"new-{silo.Name}");
            await run.SettleAsync();
            await run.TerminateAsync(silo);
            await run.SettleAsync();
        }

        await run.AddAsync("back", previous);
        await run.TerminateAsync(run.Silos[0]);
        await run.SettleAsync();

        CheckReport report = await run.CompleteAsync($"{nameof(RollingUpgrade_AndBack_LosesNothingAsync)}{replicas}");
        report.AssertMeets(new CheckExpectation { MaxPause = FaultRun.Scale.MaxPause });
    }
}
