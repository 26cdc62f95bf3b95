using Granary.ClusterTests.Checking;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Faults;

/// <summary>The database that holds the membership stops, or crashes.</summary>
[Collection(ProcessCollection.Name)]
public sealed class StoreFaultTests(ITestOutputHelper output)
{
    // A silo reads the table every 5 s.
    private static readonly TimeSpan NoticeDeadline = TimeSpan.FromSeconds(30);

    // Orleans asks for the table less and less often while it fails (MembershipTableManager, EXP_BACKOFF_CONTENTION_MAX).
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(64);

    [Fact]
    public async Task PostgreSql_StoppedAndKilled_IsNotNoticedByClientsAsync()
    {
        HandRun.SkipUnlessLong(); // QueueClusterTests has the database stopped and killed in CI
        await using FaultRun run = await FaultRun.StartAsync(output, siloCount: 2);
        SiloProcess[] silos = run.Silos;

        await run.Store.StopAsync();
        await WaitUntilNoticedAsync(run, "the database has stopped", silos);
        await run.Store.StartAsync();
        await run.AddAsync("joins-after-the-stop");
        await run.Store.KillAsync();
        await WaitUntilNoticedAsync(run, "the database was killed", silos);
        Task joining = run.AddAsync("joins-in-the-outage");
        await run.Store.StartAsync();
        await joining;
        await run.SettleAsync();

        Assert.Equal(4, run.Silos.Length);
        Assert.All(
            run.Silos,
            silo => Assert.DoesNotContain(PostgreSqlProcess.Password, silo.Output.ToString(), StringComparison.Ordinal));
        (await run.CompleteAsync()).AssertMeets(new CheckExpectation { MaxPause = FaultRun.Scale.MaxPause });
    }

    [Fact]
    public async Task Kill_OfASiloWhileTheDatabaseIsAway_LosesNothingAcknowledgedAsync()
    {
        HandRun.SkipUnlessLong();
        await using FaultRun run = await FaultRun.StartAsync(output, replicas: 1);

        await run.Store.KillAsync();
        await run.KillAsync(run.Silos[0]); // nobody can declare it dead before the database is there again
        (TimeSpan begin, TimeSpan end) = await run.ContinueAsync("the database was killed", FaultRun.Scale.Cut);
        await run.Store.StartAsync();
        await run.SettleAsync();

        (await run.CompleteAsync()).AssertMeets(CrashTests.NothingAcknowledgedLost with
        {
            MaxPause = CrashTests.NothingAcknowledgedLost.MaxPause + (end - begin) + LongestRetry,
        });
    }

    private static async Task WaitUntilNoticedAsync(FaultRun run, string note, SiloProcess[] silos)
    {
        int[] before = [.. silos.Select(FailuresOf)];
        await run.ContinueAsync(note, TimeSpan.Zero);
        foreach ((SiloProcess silo, int failures) in silos.Zip(before))
        {
            await silo.WaitUntilAsync(
                "its word that it cannot read the table", NoticeDeadline, () => FailuresOf(silo) > failures);
        }
    }

    private static int FailuresOf(SiloProcess silo) =>
        silo.Output.Lines().Count(line => line.Contains("Failed to refresh membership table", StringComparison.Ordinal));
}
