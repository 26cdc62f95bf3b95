using Granary.CommandLine.Outcomes;
using Granary.CommandLine.Tests.Doubles;

namespace Granary.CommandLine.Tests.Verbs;

public sealed class DrainVerbTests
{
    [Fact]
    public async Task Drain_OfAStranger_NamesThoseThatThereAreAsync()
    {
        CommandRun run = StatusVerbTests.Healthy();

        Assert.Equal(ExitCodes.No, await run.RunAsync("drain", "z"));

        Assert.Equal("granary: There is no silo 'z'; the cluster has a, b.\n", run.Terminal.ErrorText);
        Assert.Empty(run.Cluster.Drained);
    }

    [Fact]
    public async Task Drain_WithWait_TellsWhatIsLeftUntilTheSiloIsGoneAsync()
    {
        var run = new CommandRun();
        run.Cluster.Readings.Add(FakeCluster.Reading(0, With("a", 2), With("b", 2)));
        run.Cluster.Readings.Add(FakeCluster.Reading(1, With("a", 3), With("b", 1)));
        run.Cluster.Readings.Add(FakeCluster.Reading(1, With("a", 3), With("b", 1)));
        run.Cluster.Readings.Add(FakeCluster.Reading(2, With("a", 4)));

        Assert.Equal(ExitCodes.Done, await run.RunAsync("drain", "b", "--wait"));

        Assert.Equal(["b"], run.Cluster.Drained);
        Assert.Equal("Silo b has 1 shard.\nSilo b is gone.\n", run.Terminal.Text);
    }

    [Fact]
    public async Task Drain_WithWaitAsJson_PrintsTheEndOnlyAsync()
    {
        var run = new CommandRun();
        run.Cluster.Readings.Add(FakeCluster.Reading(0, With("a", 2), With("b", 2)));
        run.Cluster.Readings.Add(FakeCluster.Reading(2, With("a", 4)));

        await run.RunAsync("drain", "b", "--wait", "--json");

        Assert.Equal("{\"action\":\"drain\",\"about\":\"b\",\"count\":2}\n", run.Terminal.Text);
    }

    private static Administration.Reading.SiloReading With(string name, int shards) =>
        FakeCluster.Silo(name, report => report with { OpenShards = [.. Enumerable.Range(0, shards)] });
}
