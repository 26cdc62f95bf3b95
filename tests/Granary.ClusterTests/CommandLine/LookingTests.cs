using System.Text.Json;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.CommandLine;

/// <summary>The verbs that look at a cluster, against a silo to which nothing happens: what others have failed at would be shown.</summary>
public sealed class LookingTests(SingleSilo silo) : IClassFixture<SingleSilo>
{
    [Fact]
    public async Task Cluster_WhenLookedAt_IsShownByEachVerbAsync()
    {
        ToolRun[] runs = await Task.WhenAll(
            RunAsync("status"), RunAsync("status", "--json"), RunAsync("shards", "--all"), RunAsync("top"), RunSiloAsync("status"));

        Assert.All(runs, static run => Assert.Equal((0, ""), (run.ExitCode, run.Error)));
        Assert.StartsWith("Healthy: 1 silo, 256 shards, no replicas.\n", runs[0].Text, StringComparison.Ordinal);
        Assert.Contains(silo.Silo.Name, runs[0].Text, StringComparison.Ordinal);
        using JsonDocument state = JsonDocument.Parse(runs[1].Bytes);
        Assert.Equal(256, state.RootElement.GetProperty("silos")[0].GetProperty("shards").GetInt32());
        Assert.Contains($"  255  {silo.Silo.Name}", runs[2].Text, StringComparison.Ordinal);
        Assert.StartsWith("granary top  ", runs[3].Text, StringComparison.Ordinal);
        Assert.StartsWith("Healthy: 1 silo", runs[4].Text, StringComparison.Ordinal);
    }

    private Task<ToolRun> RunAsync(params string[] line) => RunAsync(ToolRun.Tool, line);

    private Task<ToolRun> RunSiloAsync(params string[] line) => RunAsync(ToolRun.Silo, line);

    private Task<ToolRun> RunAsync(string program, string[] line) =>
        ToolRun.StartAsync(program, [], [.. line, "--connect", $"{silo.Silo.Gateway}"]);
}
