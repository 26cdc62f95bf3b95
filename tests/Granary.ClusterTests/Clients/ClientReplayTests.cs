using System.Diagnostics;
using System.Globalization;
using Granary.Client;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;
using Granary.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Granary.ClusterTests.Clients;

/// <summary>What <see cref="TraceReplayTests"/> asks of the memcached port, asked of the .NET client.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ClientReplayTests(ITestOutputHelper output)
{
    private const int MemoryMebibytes = 32;

    [Theory]
    [InlineData(TraceReader.Web12, 40_000, 1, 12, 1.0)]
    [InlineData(TraceReader.Web12, 0, 3, 15, 2.0)]
    [InlineData(TraceReader.OrmBusy, 0, 1, 4, 1.0)]
    [InlineData(TraceReader.OrmBusy, 0, 3, 8, 2.0)]
    public async Task HitRatio_OfATraceThroughTheDotNetClient_IsCloseToExactLruAsync(
        string trace, int usualRequests, int siloCount, int clones, double pointsAllowed)
    {
        int[] keys = [.. TraceReader.ReadKeys(trace).Take(HandRun.MaxReplayRequests(usualRequests))];
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount, $"{MemoryMebibytes}MiB");
        using IHost client = await StartClientAsync(cluster.Primary.Ports.Gateway);

        var clock = Stopwatch.StartNew();
        TraceReplayResult result =
            await ClientReplay.RunAsync(client.Services.GetRequiredService<IGranaryCache>(), keys, clones);
        clock.Stop();

        ExactLru lru = TraceReplay.Simulate(keys, clones, siloCount * ((long)MemoryMebibytes << 20));
        output.WriteLine(
            $"{trace}, {siloCount} silo(s), {keys.Length} requests of {clones} keys in {clock.Elapsed.TotalSeconds:0} s: "
            + $"{result}; exact LRU {lru.HitPercent:F2} %");
        Assert.Equal(0, result.Wrong);
        Assert.True(
            result.HitPercent >= lru.HitPercent - pointsAllowed,
            $"{result.HitPercent:F2} % hits; an exact LRU has {lru.HitPercent:F2} %.");
        await client.StopAsync();
    }

    private static async Task<IHost> StartClientAsync(int gatewayPort)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddGranaryClient(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{gatewayPort}"));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
