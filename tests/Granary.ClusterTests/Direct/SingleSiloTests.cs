using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Direct;

/// <summary>What a get costs whose shard is on the silo that was asked: no garbage, no grain message.</summary>
[Collection(ProcessCollection.Name)]
public sealed class SingleSiloTests(ITestOutputHelper output)
{
    private const int Rounds = 1000;
    private const int Gets = Rounds * PipelinedGets.Depth;
    private const int MessagesOfTheHost = 500; // its own, within the second that a run takes: a handful

    private static readonly string Value = new('v', 100);

    [Fact]
    public async Task LocalGet_ThroughTheMemcachedPort_AllocatesNothingAsync()
    {
        await using InProcessSilo silo = await InProcessSilo.StartAsync("a");
        using PipelinedGets gets = PipelinedGets.Open(silo.MemcachedPort, "key", Value);
        gets.Run(Rounds); // warm-up: code is compiled again while it runs

        long before = GC.GetTotalAllocatedBytes(precise: true);
        gets.Run(Rounds);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        output.WriteLine($"{allocated} bytes for {Gets} gets");
        Assert.True(allocated < Gets, $"{allocated} bytes were allocated for {Gets} gets.");
    }

    [Fact]
    public async Task LocalGet_ThroughTheMemcachedPort_SendsNoMessageAsync()
    {
        using var meters = new OrleansMeters();
        await using InProcessSilo silo = await InProcessSilo.StartAsync("a");
        using PipelinedGets gets = PipelinedGets.Open(silo.MemcachedPort, "key", Value);

        Dictionary<string, double> before = meters.Read(silo.Meters);
        gets.Run(Rounds);
        Dictionary<string, double> after = meters.Read(silo.Meters);

        // The silo has sent some to activate its shards, so these are the instruments that would count more.
        string[] counters = [OrleansMeters.SentInSilo, OrleansMeters.ReceivedByGrains, OrleansMeters.Requests];
        foreach (string counter in counters)
        {
            double sent = after[counter] - before[counter];
            output.WriteLine($"{counter}: {sent}");
            Assert.True(before[counter] >= silo.Cache.OpenShards, $"{counter} is {before[counter]}.");
            Assert.True(sent < MessagesOfTheHost, $"{counter} grew by {sent} with {Gets} gets.");
        }
    }
}
