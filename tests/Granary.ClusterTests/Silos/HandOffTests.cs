using System.Diagnostics;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Silos;

/// <summary>What is left of the entries when silos come and go; <see cref="Faults.CrashTests"/> has those that crash.</summary>
[Collection(ProcessCollection.Name)]
public sealed class HandOffTests
{
    private const int Keys = 5_000;
    private const int KeysPerGet = 100;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task JoinAndTerminate_LoseNothingAsync()
    {
        HandRun.SkipUnlessLong(); // PlannedChangeTests.RollingRestart_NewOnesFirst has it under load
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
