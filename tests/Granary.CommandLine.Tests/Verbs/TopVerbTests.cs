using System.Text;
using Granary.Administration.Queues;
using Granary.CommandLine.Tests.Doubles;
using Granary.Reports;

namespace Granary.CommandLine.Tests.Verbs;

public sealed class TopVerbTests
{
    [Fact]
    public async Task Top_InAPipe_PrintsOneFrameAsync()
    {
        CommandRun run = Busy(new RecordedTerminal());

        Assert.Equal(0, await run.RunAsync("top"));

        Assert.Single(Frames(run));
        Assert.Contains("HOT KEY", run.Terminal.Text, StringComparison.Ordinal);
        Assert.Matches("user:7 +a +2 +900 +100 +50 %\n", run.Terminal.Text);
        Assert.Contains("orders", run.Terminal.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("quiet", run.Terminal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_WithACount_PrintsSoManyAsync()
    {
        CommandRun run = Busy(new RecordedTerminal());

        await run.RunAsync("top", "--count", "3");

        Assert.Equal(3, Frames(run).Length);
    }

    [Fact]
    public async Task Top_AsJson_PrintsOneLineForEachFrameAsync()
    {
        CommandRun run = Busy(new RecordedTerminal());

        Assert.Equal(0, await run.RunAsync("top", "--count", "2", "--json"));

        Assert.Equal(2, run.Terminal.Text.TrimEnd().Split('\n').Count(static line => line.StartsWith("{\"time\":", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Top_OnATerminal_EndsWithQAsync()
    {
        CommandRun run = Busy(new RecordedTerminal(isRich: true) { WaitsUntilQuit = 2 });

        Assert.Equal(0, await run.RunAsync("top"));

        Assert.Contains("user:7", run.Terminal.Text, StringComparison.Ordinal);
    }

    private static string[] Frames(CommandRun run) =>
        [.. run.Terminal.Text.Split('\n').Where(static line => line.StartsWith("granary top", StringComparison.Ordinal))];

    private static CommandRun Busy(RecordedTerminal terminal)
    {
        var run = new CommandRun { Terminal = terminal };
        for (int second = 0; second < 4; second++)
        {
            var uptime = TimeSpan.FromSeconds(100 + second);
            run.Cluster.Readings.Add(FakeCluster.Reading(second, FakeCluster.Silo("a", report => report with
            {
                Uptime = uptime,
                OpenShards = [0, 1, 2, 3],
                HotKeys = [new HotKey(Encoding.UTF8.GetBytes("user:7"), 2, 900, 100)],
                SampledOperationsPerSecond = 2000,
            })));
        }

        run.Cluster.QueueList = new QueueList(
            0, Available: true, Reason: null, [QueueVerbTests.Queue("orders"), QueueVerbTests.Queue("quiet") with { Ready = 0, Leased = 0, Rates = new QueueRates(0, 0, 0, 0, 0) }]);
        return run;
    }
}
