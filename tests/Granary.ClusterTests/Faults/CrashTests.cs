using Granary.ClusterTests.Checking;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Faults;

/// <summary>What happens to a cluster under load.</summary>
[Collection(ProcessCollection.Name)]
public sealed class CrashTests(ITestOutputHelper output)
{
    // What the README promises.
    private static readonly TimeSpan AnswersAgain = TimeSpan.FromSeconds(10);

    // Operations fail that were under way at the crash; and those of which nobody knows whether they were.
    internal static readonly CheckExpectation NothingAcknowledgedLost = new()
    {
        MayRollBack = true,
        MaxErrors = long.MaxValue,
        MaxPause = AnswersAgain,
    };

    [Fact]
    public async Task Kill_WithReplicas_LosesNothingThatWasAcknowledgedAsync()
    {
        await using FaultRun run = await FaultRun.StartAsync(output, replicas: 1);
        await using var tags = TagRounds.Start(run.Cache);
        await using var near = NearRounds.Start(run.Cache, run.Hybrid, output);
        for (int number = 0; number < FaultRun.Scale.Kills; number++)
        {
            await run.KillAsync(run.Silos[0]);
            await run.AddAsync($"new-{number}");
            await run.SettleAsync();
        }

        await tags.AssertAsync(mayFail: true);
        await near.AssertAsync(mayFail: true);
        (await run.CompleteAsync()).AssertMeets(NothingAcknowledgedLost);
    }

    [Fact]
    public async Task Kill_OfTwoWithReplicas_LosesWhatOnlyTheyHeldAsync()
    {
        HandRun.SkipUnlessLong();
        await using FaultRun run = await FaultRun.StartAsync(output, siloCount: 4, replicas: 1);
        await run.KillAsync(run.Silos[0]);
        await Task.Delay(TimeSpan.FromSeconds(1)); // the second crash meets the first one's repair
        await run.KillAsync(run.Silos[0]);
        await run.SettleAsync();

        (await run.CompleteAsync()).AssertMeets(NothingAcknowledgedLost with { MayLose = true });
    }

    [Fact]
    public async Task Kill_WithoutReplicas_LosesTheDeadSilosShareOnlyAsync()
    {
        HandRun.SkipUnlessLong(); // with replicas more can go wrong
        await using FaultRun run = await FaultRun.StartAsync(output);
        SiloProcess victim = run.Silos[0];
        HashSet<int> itsShards = SiloKeys.ShardsOf(victim, run.Silos);

        await run.KillAsync(victim);
        await run.SettleAsync();

        CheckReport report = await run.CompleteAsync();
        report.AssertMeets(NothingAcknowledgedLost with { MayLose = true });
        Assert.All(report.LostKeys, key => Assert.Contains(SiloKeys.ShardOf(key), itsShards));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Pause_OfASilo_AnswersNothingOldWhenItGoesOnAsync(int replicas)
    {
        if (replicas == 0)
        {
            HandRun.SkipUnlessLong(); // with replicas more can go wrong
        }

        await using FaultRun run = await FaultRun.StartAsync(output, replicas: replicas);

        int exitCode = await run.PauseAsync(run.Silos[0], FaultRun.Scale.Pause);
        await run.SettleAsync();

        Assert.Equal(70, exitCode);
        CheckReport report = await run.CompleteAsync($"{nameof(Pause_OfASilo_AnswersNothingOldWhenItGoesOnAsync)}{replicas}");
        report.AssertMeets(NothingAcknowledgedLost with
        {
            MayLose = replicas == 0,
            MayBeLate = true,
            MaxPause = TimeSpan.FromSeconds(20), // its own connections wait until they give up
        });
    }
}
