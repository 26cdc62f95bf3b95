using System.Diagnostics;
using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Silos;

/// <summary>A cluster whose membership is in PostgreSQL: no silo is special, and the database may be gone for a while.</summary>
[Collection(ProcessCollection.Name)]
public sealed class StoreTests(ITestOutputHelper output)
{
    // Stale heartbeats (9 s), the next look at the table (5 s), two probes, and a start of the process; on a busy machine.
    private static readonly TimeSpan RestartDeadline = TimeSpan.FromSeconds(45);

    // Far from the 90 s of the hand-off: there is nobody to wait for. An answer that never comes, of one that has just
    // ended, takes Orleans 30 s.
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Silos_WithAClusterStore_AnswerForAnyKeyAndLeaveInAnyOrderAsync()
    {
        HandRun.SkipUnlessLong(); // PlannedChangeTests.RollingRestart_NewOnesFirst has three that leave, under load
        await using PostgreSqlProcess postgres = await PostgreSqlProcess.StartNewAsync();
        await using SiloCluster cluster = await SiloCluster.StartWithStoreAsync(
            postgres.ConnectionString, siloCount: 3, "64MiB");

        // Starting has written and read through every pair of silos. The first goes first: it is not special.
        foreach (SiloProcess silo in cluster.Silos)
        {
            Assert.Equal(0, await silo.TerminateAsync());
            Assert.DoesNotContain(PostgreSqlProcess.Password, silo.Output.ToString(), StringComparison.Ordinal);
            if (!cluster.Silos[^1].HasExited)
            {
                await cluster.WaitUntilReadyAsync();
            }
        }
    }

    [Fact]
    public async Task Silos_StartedAndStoppedAtOnceOnAnEmptyStore_FormOneClusterAndEndAsync()
    {
        await using PostgreSqlProcess postgres = await PostgreSqlProcess.StartNewAsync();
        await using SiloCluster cluster = SiloCluster.WithStore(postgres.ConnectionString, "64MiB", "--save", "entries");

        var clock = Stopwatch.StartNew();
        SiloProcess[] silos = await cluster.AddAsync(["a", "b", "c"]);
        TimeSpan started = clock.Elapsed;
        await cluster.WaitUntilReadyAsync();
        TimeSpan serving = clock.Elapsed;
        int[] exitCodes = await Task.WhenAll(silos.Select(silo => silo.TerminateAsync()));

        output.WriteLine($"three silos at once: {started.TotalSeconds:F2} s, serving: {serving.TotalSeconds:F2} s, "
            + $"stopped {(clock.Elapsed - serving).TotalSeconds:F2} s later");
        Assert.All(exitCodes, exitCode => Assert.Equal(0, exitCode));
        Assert.True(
            clock.Elapsed - serving < StopDeadline,
            $"{clock.Elapsed - serving}\n{string.Join('\n', silos.Select(silo => $"{silo.Name}:\n{silo.Output}"))}");
        Assert.InRange(silos.Count(silo => File.Exists(Path.Combine(silo.Folder, "entries"))), 0, 1); // only a last one saves
    }

    [Fact]
    public async Task Kill_OfTheWholeCluster_StartsAgainUnderTheSameNamesInTimeAsync()
    {
        await using PostgreSqlProcess postgres = await PostgreSqlProcess.StartNewAsync();
        await using SiloCluster cluster = await SiloCluster.StartWithStoreAsync(
            postgres.ConnectionString, siloCount: 3, "64MiB");
        string[] names = [.. cluster.Silos.Select(silo => silo.Name)];
        foreach (SiloProcess silo in cluster.Silos)
        {
            silo.Kill();
            await silo.WaitForExitAsync(RestartDeadline);
        }

        // On other ports than before, as on other machines: only their names say that these are the same silos.
        var clock = Stopwatch.StartNew();
        await cluster.AddAsync(names);
        await cluster.WaitUntilReadyAsync();

        output.WriteLine($"whole cluster after kill -9: {clock.Elapsed.TotalSeconds:F2} s");
        Assert.True(clock.Elapsed < RestartDeadline, $"{clock.Elapsed}. The first silo:\n{cluster.Silos[3].Output}");
    }

    [Fact]
    public async Task Silo_WhoseStoreRefuses_NamesTheOptionAndNotThePasswordAsync()
    {
        await using PostgreSqlProcess postgres = await PostgreSqlProcess.StartNewAsync();

        TimeoutException error = await Assert.ThrowsAsync<TimeoutException>(() =>
            SiloProcess.StartAsync("a", "64MiB", null, "--cluster-store", $"{postgres.ConnectionString};Database=absent"));

        Assert.Contains("ended with code 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("granary: The cluster store (--cluster-store)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgreSqlProcess.Password, error.Message, StringComparison.Ordinal);
    }
}
