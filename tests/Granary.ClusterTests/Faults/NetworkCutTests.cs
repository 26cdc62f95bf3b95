using Granary.ClusterTests.Checking;
using Granary.ClusterTests.Checking.Measures;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Faults;

/// <summary>Packets between silos, or between a silo and the cluster store, vanish while all processes run on.</summary>
[Collection(ProcessCollection.Name)]
public sealed class NetworkCutTests(ITestOutputHelper output)
{
    // What the README promises.
    private static readonly TimeSpan AnswersAgain = TimeSpan.FromSeconds(10);

    // A silo that does not answer is one that is reached through another after 1.25 to 1.75 s; a second more for the machine.
    private static readonly TimeSpan CutIsNoticed = TimeSpan.FromSeconds(2.75);

    // What is on its way when the cut comes: one message in each direction, of what has come within a millisecond or so.
    private const long MaxErrorsAtCut = 200;

    [Fact]
    public async Task SilosAndStore_CutOffFromEachOther_LoseNothingAsync()
    {
        HandRun.SkipUnlessLong(); // PeerReachTests has the rule, and the queues' tests have cuts
        await using NetworkLab lab = await NetworkLab.StartNewAsync(hostCount: 3);
        await using FaultRun run = await FaultRun.StartAsync(output, replicas: 1, lab: lab);
        NetworkHost first = lab.Hosts[0];
        NetworkHost second = lab.Hosts[1];

        await first.CutAsync(lab.Store);
        await run.ContinueAsync("silo-0 does not reach the store", FaultRun.Scale.Cut / 2);
        await first.HealAsync(lab.Store);
        await first.CutAsync(second.Address);
        (TimeSpan cut, _) = await run.ContinueAsync("silo-0 and silo-1 do not reach each other", FaultRun.Scale.Cut);
        await first.HealAsync(second.Address);
        await run.ContinueAsync("all reach each other", TimeSpan.Zero);
        await run.SettleAsync();
        int left = run.Silos.Length;

        CheckReport report = await run.CompleteAsync();
        Assert.Equal(3, left); // the third sees both: nobody is dead
        report.AssertMeets(new CheckExpectation
        {
            MaxErrors = MaxErrorsAtCut,
            MayRollBack = true, // by a change that is under way at the cut, or
            MayBeLate = true, // whose bytes arrive when packets pass again: its outcome is unknown
            MaxPause = CutIsNoticed,
        });

        // The rule: no operation fails that begins when the cut has been noticed, and what fails before is of unknown outcome.
        foreach (OperationError error in report.Errors.Errors)
        {
            Assert.True(
                error.Begin > cut - CutIsNoticed && error.Begin < cut + CutIsNoticed && error.IsOutcomeUnknown,
                $"{error}\n{report}");
        }
    }

    [Fact]
    public async Task Silo_CutOffFromTheOthers_EndsAndLosesNothingAcknowledgedAsync()
    {
        HandRun.SkipUnlessLong();
        await using NetworkLab lab = await NetworkLab.StartNewAsync(hostCount: 3);
        await using FaultRun run = await FaultRun.StartAsync(output, replicas: 1, lab: lab);
        SiloProcess victim = run.Silos[0];

        await lab.Hosts[0].CutAsync(lab.Hosts[1].Address);
        await lab.Hosts[0].CutAsync(lab.Hosts[2].Address);
        await run.ContinueAsync("silo-0 does not reach the others", TimeSpan.Zero);
        int exitCode = await run.WaitForExitAsync(victim); // it reads in the store that it is dead
        await run.SettleAsync();

        Assert.Equal(70, exitCode);
        (await run.CompleteAsync()).AssertMeets(CrashTests.NothingAcknowledgedLost);
    }

    [Fact]
    public async Task Silo_CutOffFromTheOthersAndTheStore_AnswersNothingOldAndEndsWhenItReachesThemAgainAsync()
    {
        HandRun.SkipUnlessLong();
        await using NetworkLab lab = await NetworkLab.StartNewAsync(hostCount: 3);
        await using FaultRun run = await FaultRun.StartAsync(output, replicas: 1, lab: lab);
        SiloProcess victim = run.Silos[0];
        NetworkHost host = lab.Hosts[0];

        await host.CutAsync(lab.Store);
        await host.CutAsync(lab.Hosts[1].Address);
        await host.CutAsync(lab.Hosts[2].Address);
        await run.ContinueAsync("silo-0 reaches clients only", FaultRun.Scale.Cut);
        await host.HealAsync(lab.Store);
        await host.HealAsync(lab.Hosts[1].Address);
        await host.HealAsync(lab.Hosts[2].Address);
        await run.ContinueAsync("all reach each other", TimeSpan.Zero);
        int exitCode = await run.WaitForExitAsync(victim);
        await run.SettleAsync();

        Assert.Equal(70, exitCode);
        (await run.CompleteAsync()).AssertMeets(CrashTests.NothingAcknowledgedLost with
        {
            MaxPause = FaultRun.Scale.Cut + AnswersAgain, // of keys that only its own connections ask for
        });
    }
}
