using System.Text.Json;
using Granary.Administration;
using Granary.Administration.Queues;
using Granary.Administration.State;
using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Tests.Doubles;
using Granary.Reports;

namespace Granary.CommandLine.Tests.Verbs;

public sealed class StatusVerbTests
{
    [Fact]
    public async Task Status_OfAHealthyCluster_SaysSoAsync()
    {
        CommandRun run = Healthy();

        int code = await run.RunAsync("status");

        Assert.Equal(ExitCodes.Done, code);
        string[] lines = run.Terminal.Text.Split('\n');
        Assert.Equal("Healthy: 2 silos, 4 shards, no replicas.", lines[0]);
        Assert.Equal(string.Empty, lines[1]);
        Assert.StartsWith("SILO  STATE  SHARDS  ENTRIES", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("a     ready       2    1,234  12 MiB   64 MiB       10  90 %", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("all               4    2,468  24 MiB  128 MiB       10  90 %", lines[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_WithASilentSilo_FailsAndSaysWhatToDoAsync()
    {
        var run = new CommandRun();
        run.Cluster.Readings.Add(FakeCluster.Reading(0, FakeCluster.SilentSilo("b")));

        int code = await run.RunAsync("status");

        Assert.Equal(ExitCodes.No, code);
        Assert.Contains("  critical  Silo b does not answer.\n            If it is dead", run.Terminal.Text, StringComparison.Ordinal);
        Assert.StartsWith("Critical: 1 silo", run.Terminal.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("never", true, ExitCodes.Done)]
    [InlineData("critical", true, ExitCodes.No)]
    [InlineData("critical", false, ExitCodes.Done)]
    [InlineData("warning", false, ExitCodes.No)]
    public async Task Status_WithASeverity_FailsFromThereOnAsync(string failOn, bool isCritical, int expected)
    {
        var run = new CommandRun();
        run.Cluster.Readings.Add(isCritical
            ? FakeCluster.Reading(0, FakeCluster.SilentSilo("b"))
            : FakeCluster.Reading(0, Serving("a", [0, 1, 2, 3], cutOff: 1)));

        Assert.Equal(expected, await run.RunAsync("status", "--fail-on", failOn));
    }

    [Fact]
    public async Task Status_AsJson_IsTheStateThatTheConsoleShowsAsync()
    {
        CommandRun run = Healthy();

        int code = await run.RunAsync("status", "--json");

        ClusterState state = JsonSerializer.Deserialize(run.Terminal.Text, AdministrationJson.Default.ClusterState)!;
        Assert.Equal(ExitCodes.Done, code);
        Assert.Equal("a,b", string.Join(',', state.Silos.Select(static silo => silo.Name)));
        Assert.Equal(10, state.Silos[0].Rates!.Reads);
        Assert.Contains("\"severity\"", await JsonOfAsync(FakeCluster.SilentSilo("b")), StringComparison.Ordinal);
        Assert.Single(run.Terminal.Text.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Status_OnATerminal_HasATableWithColorsAsync()
    {
        CommandRun run = Healthy(new RecordedTerminal(isRich: true, hasColors: true));

        await run.RunAsync("status");

        Assert.Contains('\u256d', run.Terminal.Text); // the corner of a box
        Assert.Contains("\u001b[", run.Terminal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_OnATerminalWithoutColors_HasATableOnlyAsync()
    {
        CommandRun run = Healthy(new RecordedTerminal(isRich: true));

        await run.RunAsync("status");

        Assert.Contains('\u256d', run.Terminal.Text);
        Assert.DoesNotContain("\u001b", run.Terminal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_InAPipe_HasNeitherAsync()
    {
        CommandRun run = Healthy();

        await run.RunAsync("status");

        Assert.All(run.Terminal.Text, static one => Assert.True(one is '\n' or (>= ' ' and < '\u007f'), $"{(int)one:x}"));
    }

    [Fact]
    public async Task Status_WithQueues_AddsThemUpAsync()
    {
        CommandRun run = Healthy();
        run.Cluster.QueueList = new QueueList(0, Available: true, Reason: null, [QueueVerbTests.Queue("orders", dead: 3), QueueVerbTests.Queue("mail")]);

        await run.RunAsync("status");

        Assert.Contains("2 queues: 10 ready, 4 leased, 0 delayed, 3 dead; 3.0/s sent, 2.0/s completed.", run.Terminal.Text, StringComparison.Ordinal);
    }

    internal static Administration.Reading.SiloReading Serving(string name, int[] shards, long hits = 0, double uptime = 0, int cutOff = 0) =>
        FakeCluster.Silo(name, report => report with
        {
            OpenShards = shards,
            ExpectedShards = shards.Length,
            CutOffSilos = cutOff,
            Uptime = report.Uptime + TimeSpan.FromSeconds(uptime),
            Counters = new CacheCounters { Hits = hits, Misses = hits / 9 },
        });

    internal static CommandRun Healthy(RecordedTerminal? terminal = null)
    {
        int[][] shards = [[.. Owned("a")], [.. Owned("b")]];
        var run = new CommandRun { Terminal = terminal ?? new RecordedTerminal() };
        run.Cluster.Readings.Add(FakeCluster.Reading(0, Serving("a", shards[0]), Serving("b", shards[1])));
        run.Cluster.Readings.Add(FakeCluster.Reading(1, Serving("a", shards[0], hits: 9, uptime: 1), Serving("b", shards[1], uptime: 1)));
        return run;
    }

    private static IEnumerable<int> Owned(string name)
    {
        var map = new ClusterMap(4, ["a", "b"]);
        return Enumerable.Range(0, 4).Where(shard => map.OwnerNameOf(shard) == name);
    }

    private static async Task<string> JsonOfAsync(Administration.Reading.SiloReading silo)
    {
        var run = new CommandRun();
        run.Cluster.Readings.Add(FakeCluster.Reading(0, silo));
        await run.RunAsync("status", "--json");
        return run.Terminal.Text;
    }
}
