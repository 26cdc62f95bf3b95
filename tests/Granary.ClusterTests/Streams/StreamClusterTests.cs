using System.Globalization;
using System.Runtime.CompilerServices;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;
using Granary.StreamSilo;

namespace Granary.ClusterTests.Streams;

/// <summary>
/// Streams of a cluster whose silos share a database, while silos with agents and subscribers die, stop and come. What was
/// confirmed comes to every subscriber of its stream.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class StreamClusterTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = HandRun.LongRunsFolder is not null;
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(IsLong ? 3 : 1);

    [Fact]
    public Task Kill_OfASilo_LosesNoEventAsync() => RunAsync(kills: 1);

    [Fact]
    public async Task HundredKillsAndMoves_LoseNoEventAsync()
    {
        HandRun.SkipUnlessLong();
        await RunAsync(kills: 51);
    }

    // After each kill but the last a silo comes back, and another one is stopped and comes back: agents move each time.
    private async Task RunAsync(int kills, [CallerMemberName] string name = "")
    {
        await using PostgreSqlProcess store = await PostgreSqlProcess.StartNewAsync();
        await using StreamLoad load = new(eventsPerSecond: IsLong ? 400 : 200);
        await using SiloCluster cluster = SiloCluster.WithStore(
            store.ConnectionString, "64MiB", "--streams", ExplicitRecorder.Provider, "--dashboard", "false");
        for (int silo = 0; silo < (IsLong ? 3 : 2); silo++)
        {
            await cluster.AddAsync($"silo-{silo}", load.Place);
        }

        await load.StartAsync(cluster.Running);
        await Task.Delay(Calm);
        for (int kill = 1; kill <= kills; kill++)
        {
            output.WriteLine($"{load.Ledger.Confirmed} events are confirmed, kill {kill}.");
            SiloProcess killed = cluster.Running.First();
            killed.Kill();
            await killed.WaitForExitAsync(TimeSpan.FromMinutes(1));
            await Task.Delay(Calm);
            if (kill < kills)
            {
                await cluster.AddAsync(killed.Name, load.Place);
                SiloProcess stopped = cluster.Running.First();
                Assert.Equal(0, await stopped.TerminateAsync());
                await Task.Delay(Calm);
                await cluster.AddAsync(stopped.Name, load.Place);
            }
        }

        (IReadOnlyList<string> missing, long twice) = await load.CompleteAsync();
        string report = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {(2 * kills) - 1} kills and stops; {load.Ledger.Confirmed:N0} events confirmed, {load.Ledger.Unknown} sends refused or
            of unknown outcome, {missing.Count} deliveries missing, {twice} twice.
            """);
        output.WriteLine(report);
        if (HandRun.LongRunsFolder is { } folder)
        {
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.md"), $"# {name}\n\n{report}\n");
        }

        Assert.Empty(missing.Take(20));
    }
}
