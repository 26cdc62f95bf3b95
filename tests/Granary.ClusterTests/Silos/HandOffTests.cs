using System.Diagnostics;
using System.Globalization;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Silos;

/// <summary>What is left of the entries when silos come, go and crash.</summary>
[Collection(ProcessCollection.Name)]
public sealed class HandOffTests(ITestOutputHelper output)
{
    private const int Keys = 5_000;
    private const int KeysPerGet = 100;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(10); // after a crash

    [Fact]
    public async Task JoinAndTerminate_LoseNothingAsync()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 2, "32MiB");
        await FillAsync(cluster.Primary);

        SiloProcess third = await cluster.AddAsync("silo-2");
        await cluster.WaitForSumAsync("granary_shards_moving", 0, Deadline);
        Assert.Equal(Keys, await CountAsync(third));
        int exitCode = await cluster.Silos[1].TerminateAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal(Keys, await CountAsync(cluster.Primary));
        Assert.Equal(Keys, await CountAsync(third));
    }

    [Fact]
    public async Task Kill_WithReplicas_LosesNothingAsync()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 3, "32MiB", "--replicas", "1");
        await FillAsync(cluster.Silos[1]);
        await cluster.WaitForSumAsync("granary_shards_protected", 256, Deadline);

        cluster.Silos[2].Kill();
        var clock = Stopwatch.StartNew();
        int found = await CountAsync(cluster.Primary);

        output.WriteLine($"All shards answered {clock.Elapsed.TotalSeconds:0.0} s after the kill.");
        Assert.Equal(Keys, found);
        Assert.True(clock.Elapsed < AnswerDeadline, $"Only after {clock.Elapsed}.");
    }

    [Fact]
    public async Task Kill_WithoutReplicas_LosesTheDeadSilosShareOnlyAsync()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 3, "32MiB");
        await FillAsync(cluster.Primary);
        await cluster.WaitForSumAsync("granary_shards_moving", 0, Deadline);
        int dead = int.Parse((await cluster.Silos[2].StatisticsAsync())["curr_items"], CultureInfo.InvariantCulture);

        cluster.Silos[2].Kill();

        Assert.InRange(dead, 1, Keys - 1);
        Assert.Equal(Keys - dead, await CountAsync(cluster.Primary));
    }

    private static async Task FillAsync(SiloProcess silo)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Ports.Memcached);
        for (int key = 0; key < Keys; key++)
        {
            Assert.Equal("STORED", await connection.SetAsync($"key-{key}", $"value-{key}"));
        }
    }

    // How many keys have their value; while a shard has no silo, its keys are asked for again.
    private static async Task<int> CountAsync(SiloProcess silo)
    {
        int found = 0;
        for (int first = 0; first < Keys; first += KeysPerGet)
        {
            string[] keys = [.. Enumerable.Range(first, KeysPerGet).Select(key => $"key-{key}")];
            foreach ((string key, string value) in await GetAsync(silo, keys))
            {
                Assert.Equal(key.Replace("key", "value", StringComparison.Ordinal), value);
                found++;
            }
        }

        return found;
    }

    private static async Task<Dictionary<string, string>> GetAsync(SiloProcess silo, string[] keys)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Ports.Memcached);
                return await connection.GetAsync(keys);
            }
            catch (Exception error) when (error is IOException or InvalidDataException && clock.Elapsed < Deadline)
            {
                await Task.Delay(50);
            }
        }
    }
}
