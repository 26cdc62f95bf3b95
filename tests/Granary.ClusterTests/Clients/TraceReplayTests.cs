using System.Diagnostics;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;
using Granary.Tests.Shared;

namespace Granary.ClusterTests.Clients;

/// <summary>The hit ratio of real silos on a real trace against an exact LRU of the same bytes.</summary>
[Collection(ProcessCollection.Name)]
public sealed class TraceReplayTests(ITestOutputHelper output)
{
    private const int MemoryMebibytes = 32;

    // 32 MiB hold some 17,100 entries of 1,955 bytes: with 12 clones 1,430 objects of web12's 13,756, and an LRU near
    // 69 %. Three silos hold 51,500: with 15 clones 3,430 objects, near 78 %. Their share of the keys is not exactly a
    // third each, so one LRU of the sum does a little better. Of orm-busy 4,280 objects of 76,349, and 6,430. All by hand:
    // the store's own tests replay traces in CI.
    [Theory]
    [InlineData(TraceReader.Web12, 0, 1, 12, 1.0)]
    [InlineData(TraceReader.Web12, 0, 3, 15, 2.0)]
    [InlineData(TraceReader.OrmBusy, 0, 1, 4, 1.0)]
    [InlineData(TraceReader.OrmBusy, 0, 3, 8, 2.0)]
    public async Task HitRatio_OfATrace_IsCloseToExactLruAsync(
        string trace, int usualRequests, int siloCount, int clones, double pointsAllowed)
    {
        int[] keys = [.. TraceReader.ReadKeys(trace).Take(HandRun.MaxReplayRequests(usualRequests))];
        RequiredProgram.LocatePythonWith("pymemcache");
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount, $"{MemoryMebibytes}MiB");

        var clock = Stopwatch.StartNew();
        await using TraceReplay replay = TraceReplay.Start(
            cluster.Primary.Ports.Memcached, trace, clones, maxRequests: keys.Length);
        TraceReplayResult result = await replay.CompleteAsync();
        clock.Stop();

        ExactLru lru = TraceReplay.Simulate(keys, clones, siloCount * ((long)MemoryMebibytes << 20));
        output.WriteLine(
            $"{trace}, {siloCount} silo(s), {keys.Length} requests of {clones} keys in {clock.Elapsed.TotalSeconds:0} s: "
            + $"{result}; exact LRU {lru.HitPercent:F2} %");
        Assert.Equal((long)keys.Length * clones, result.Requests);
        Assert.Equal(0, result.Wrong);
        Assert.True(
            result.HitPercent >= lru.HitPercent - pointsAllowed,
            $"{result.HitPercent:F2} % hits; an exact LRU has {lru.HitPercent:F2} %.");
    }
}
