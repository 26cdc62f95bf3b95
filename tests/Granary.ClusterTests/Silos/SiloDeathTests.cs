using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Silos;

/// <summary>
/// A silo dies without a word: the others notice, and answer for what it held. <see cref="Faults.CrashTests"/> has the same
/// with a cluster store.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class SiloDeathTests(ITestOutputHelper output)
{
    private const int Keys = 20;

    // What the README promises.
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Kill_OfASilo_ItsKeysAreServedAgainInTimeAsync()
    {
        HandRun.SkipUnlessLong(); // Faults.CrashTests has it under load
        await using SiloCluster cluster = await StartAsync();

        SiloProcess victim = cluster.Silos[^1];
        string[] keys = SiloKeys.Of(victim, cluster.Silos, Keys);

        TimeSpan outage = await Outage.MeasureAsync(victim.Kill, cluster.Silos[1].Ports.Memcached, keys);

        output.WriteLine($"kill -9 to answers: {outage.TotalSeconds:F2} s");
        Assert.True(outage < Promise, $"{outage}. The silo that was asked:\n{cluster.Silos[1].Output}");
        await cluster.AddAsync(victim.Name); // it may come back at once
        await cluster.WaitUntilReadyAsync();
    }

    [Fact]
    public async Task Pause_OfASilo_ItsKeysAreServedAgainInTimeAndItEndsWhenItGoesOnAsync()
    {
        HandRun.SkipUnlessLong(); // Faults.CrashTests has it under load
        await using SiloCluster cluster = await StartAsync();
        SiloProcess victim = cluster.Silos[^1];
        string[] keys = SiloKeys.Of(victim, cluster.Silos, Keys);

        TimeSpan outage = await Outage.MeasureAsync(victim.Pause, cluster.Silos[1].Ports.Memcached, keys);
        victim.Resume();
        int exitCode = await victim.WaitForExitAsync(Promise);

        output.WriteLine($"SIGSTOP to answers: {outage.TotalSeconds:F2} s");
        Assert.True(outage < Promise, $"{outage}. The silo that was asked:\n{cluster.Silos[1].Output}");
        Assert.Equal(70, exitCode);
        Assert.Contains("the cluster has declared it dead", victim.Output.ToString(), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(victim.Folder, "core*"));
    }

    private static Task<SiloCluster> StartAsync() => SiloCluster.StartAsync(siloCount: 3, "64MiB");
}
