using Granary.ClusterTests.Checking;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Faults;

/// <summary>What an operator does to a cluster under load: nobody loses anything, and nobody sees an error.</summary>
[Collection(ProcessCollection.Name)]
public sealed class PlannedChangeTests(ITestOutputHelper output)
{
    private static readonly CheckExpectation NothingLost = new() { MaxPause = FaultRun.Scale.MaxPause };

    [Fact]
    public async Task RollingRestart_NewOnesFirst_LosesNothingAsync()
    {
        await using FaultRun run = await FaultRun.StartAsync(output);
        SiloProcess[] old = run.Silos;
        for (int index = 0; index < old.Length; index++)
        {
            await run.AddAsync($"new-{index}");
            await run.TerminateAsync(old[index]);
        }

        await run.SettleAsync();
        (await run.CompleteAsync()).AssertMeets(NothingLost);
    }

    [Fact]
    public async Task RollingRestart_OldOnesFirst_LosesNothingAsync()
    {
        HandRun.SkipUnlessLong(); // with new ones first more can go wrong
        await using FaultRun run = await FaultRun.StartAsync(output);
        foreach (SiloProcess silo in run.Silos)
        {
            await run.TerminateAsync(silo);
            await run.AddAsync(silo.Name);
            await run.SettleAsync();
        }

        (await run.CompleteAsync()).AssertMeets(NothingLost);
    }

    [Fact]
    public async Task RollingRestart_OfAnUnrelatedCluster_IsTheControlAsync()
    {
        HandRun.SkipUnlessLong();
        await using FaultRun run = await FaultRun.StartAsync(output);
        await using PostgreSqlProcess store = await PostgreSqlProcess.StartNewAsync();
        await using SiloCluster unrelated = await SiloCluster.StartWithStoreAsync(
            store.ConnectionString, siloCount: 3, FaultRun.Scale.Memory);
        foreach (SiloProcess silo in unrelated.Silos.ToArray())
        {
            await unrelated.AddAsync($"new-{silo.Name}");
            await silo.TerminateAsync();
        }

        await run.SettleAsync();
        (await run.CompleteAsync()).AssertMeets(NothingLost);
    }

    [Fact]
    public async Task OneThreeFiveTwo_Silos_LoseNothingAsync()
    {
        HandRun.SkipUnlessLong();
        await using FaultRun run = await FaultRun.StartAsync(output, siloCount: 1);
        foreach (string name in (string[])["b", "c", "d", "e"])
        {
            await run.AddAsync(name);
            await run.SettleAsync();
        }

        foreach (SiloProcess silo in run.Silos[..3])
        {
            await run.TerminateAsync(silo);
        }

        await run.SettleAsync();
        (await run.CompleteAsync()).AssertMeets(NothingLost);
    }
}
