using System.Text.Json;
using Granary.ClusterTests.Checking;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;
using Granary.ClusterTests.Watching;

namespace Granary.ClusterTests.Faults;

/// <summary>What an operator does to a cluster under load: nobody loses anything, and nobody sees an error.</summary>
[Collection(ProcessCollection.Name)]
public sealed class PlannedChangeTests(ITestOutputHelper output)
{
    internal static readonly CheckExpectation NothingLost = new() { MaxPause = FaultRun.Scale.MaxPause };

    [Fact]
    public async Task RollingRestart_NewOnesFirst_LosesNothingAsync()
    {
        await using FaultRun run = await FaultRun.StartAsync(output);
        await using ConsoleObserver console = ConsoleObserver.Start(() => run.Silos);
        await using var tags = TagRounds.Start(run.Cache);
        await using var near = NearRounds.Start(run.Cache, run.Hybrid, output);
        await using var interfaces = InterfaceRounds.Start(run.Client);
        SiloProcess[] old = run.Silos;
        for (int index = 0; index < old.Length; index++)
        {
            await run.AddAsync($"new-{index}");
            await run.TerminateAsync(old[index]);
        }

        await run.SettleAsync();
        await tags.AssertAsync(mayFail: false);
        await near.AssertAsync(mayFail: false);
        await interfaces.AssertAsync();
        AssertTells(await console.CompleteAsync(), old, run.Silos, tags.Operations + near.Operations + interfaces.Operations);
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

    // The console against what was done to the cluster and to its keys.
    private static void AssertTells(IReadOnlyList<JsonElement> shown, SiloProcess[] old, SiloProcess[] silos, long others)
    {
        JsonElement last = shown[^1];
        Assert.Equal<string?>(
            [.. silos.Select(static silo => silo.Name).Order(StringComparer.Ordinal)],
            [.. last.GetProperty("silos").EnumerateArray().Select(static silo => silo.GetProperty("name").GetString())]);
        Assert.All(last.GetProperty("shards").GetProperty("servedBy").EnumerateArray(), static silo => Assert.True(silo.GetInt32() >= 0));
        HashSet<string> happened = shown
            .SelectMany(static state => state.GetProperty("happened").EnumerateArray())
            .Select(static one => $"{one.GetProperty("silo").GetString()} {one.GetProperty("kind").GetString()}")
            .ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            silos.Select(static silo => $"{silo.Name} joined")
                .Concat(old.SelectMany(static silo => (string[])[$"{silo.Name} draining", $"{silo.Name} left"]))
                .ToHashSet(StringComparer.Ordinal),
            happened);
        double operations = ConsoleObserver.CountOperations(shown) - others;
        double seconds = (last.GetProperty("time").GetInt64() - shown[0].GetProperty("time").GetInt64()) / 1000.0;
        Assert.InRange(operations / seconds, 0.6 * FaultRun.Scale.OperationsPerSecond, 1.2 * FaultRun.Scale.OperationsPerSecond);
    }
}
