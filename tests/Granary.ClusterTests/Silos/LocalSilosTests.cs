using Granary.ClusterTests.Clients;
using Granary.ClusterTests.CommandLine;
using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Silos;

/// <summary>The silos of <c>cluster</c> are one cluster, and end with the command.</summary>
[Collection(ProcessCollection.Name)]
public sealed class LocalSilosTests
{
    [Fact]
    public async Task Cluster_ByDefault_IsOfThreeSilosAtPortsThatFollowAndEndsWithAllOfThemAsync()
    {
        await using LocalCluster cluster = LocalCluster.Start("--memory", "32MiB");
        await cluster.WaitUntilServingAsync(siloCount: 3);
        Dictionary<string, int> silos = cluster.ReadSilos();
        using MemcachedConnection first = await MemcachedConnection.OpenAsync(cluster.MemcachedPort);
        using MemcachedConnection third = await MemcachedConnection.OpenAsync(cluster.MemcachedPort + 2);
        Assert.Equal("STORED", await first.SetAsync("key", "value"));
        Assert.Equal("value", await third.GetAsync("key"));

        int exitCode = await cluster.TerminateAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal(["a", "b", "c"], silos.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.All(silos.Values, static id => Assert.False(Directory.Exists($"/proc/{id}")));
        Assert.Equal(2, cluster.Output.Lines().Count( // the last one has nobody to leave it to
            static line => line.Contains("Left everything to other silos", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Silo_ThatIsDrained_LeavesTheOthersUnlessItIsTheFirstAsync()
    {
        await using LocalCluster cluster = LocalCluster.Start("--silos", "2", "--memory", "32MiB");
        await cluster.WaitUntilServingAsync(siloCount: 2);
        Dictionary<string, int> silos = cluster.ReadSilos();
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(cluster.MemcachedPort);
        Assert.Equal("STORED", await connection.SetAsync("key", "value"));

        ToolRun second = await DrainAsync(cluster, "b", "--wait");
        string? kept = await connection.GetAsync("key");
        ToolRun first = await DrainAsync(cluster, "a");

        Assert.Equal((0, ""), (second.ExitCode, second.Error));
        Assert.Equal("value", kept);
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Equal(0, await cluster.WaitForExitAsync());
        Assert.All(silos.Values, static id => Assert.False(Directory.Exists($"/proc/{id}")));
    }

    [Fact]
    public async Task Silo_ThatIsTheFirstAndDoesNotStart_IsTheOnlyOneAndItsExitCodeIsToldAsync()
    {
        ToolRun run = await ToolRun.StartAsync(ToolRun.Silo, [], "cluster", "--memory", "1");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("granary: --memory", Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static Task<ToolRun> DrainAsync(LocalCluster cluster, params string[] line) =>
        ToolRun.StartAsync(ToolRun.Silo, [], ["drain", .. line, "--connect", $"127.0.0.1:{cluster.GatewayPort}"]);
}
