using Granary.CommandLine.Tests.Doubles;

namespace Granary.CommandLine.Tests.Verbs;

public sealed class ShardsVerbTests
{
    [Fact]
    public async Task Shards_WithOneElsewhereAndOneNowhere_CountsThemAsync()
    {
        CommandRun run = Disturbed();

        Assert.Equal(0, await run.RunAsync("shards"));

        string[] lines = run.Terminal.Text.Split('\n');
        Assert.StartsWith("4 shards: 1 displaced, 1 moving, 0 without a complete replica, 1 served by nobody", lines[0], StringComparison.Ordinal);
        Assert.Matches("^a +2 +4 +0 +0 +0 +- +1,234$", lines[3]);
        Assert.Matches("^b +1 +0 +1 +1 +0 +2 KiB +1,234$", lines[4]);
        Assert.DoesNotContain("SERVED BY", run.Terminal.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shards_All_ListsEachAsync()
    {
        CommandRun run = Disturbed();

        await run.RunAsync("shards", "--all");

        Assert.Contains("SHARD  SERVED BY  BY THE MAP  IS\n", run.Terminal.Text, StringComparison.Ordinal);
        Assert.Contains("    1  b          a           moving, displaced\n", run.Terminal.Text, StringComparison.Ordinal);
        Assert.Contains("    3  -          a           served by nobody\n", run.Terminal.Text, StringComparison.Ordinal);
    }

    // Silo b leaves, and has one shard still; another one is on nobody.
    private static CommandRun Disturbed()
    {
        var run = new CommandRun();
        run.Cluster.Readings.Add(FakeCluster.Reading(
            0,
            FakeCluster.Silo("a", static report => report with { OpenShards = [0, 2] }),
            FakeCluster.Silo("b", static report => report with { OpenShards = [1], MovingShards = [1], MovingBytesLeft = 2048 }, draining: true)));
        return run;
    }
}
