using System.Diagnostics;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Limits;

/// <summary>Values of many pages, through silos that own them and silos that do not.</summary>
[Collection(ProcessCollection.Name)]
public sealed class LongValueTests(ITestOutputHelper output)
{
    private const int SmallKeys = 100;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Values_OfManyPages_AreTheSameThroughEverySiloAsync()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(3, "512MiB", "--max-item", "128MiB");

        await SetOfHundredMebibytesAsync(cluster);
        await AppendAsync(cluster);
        await CompareAndSetAsync(cluster);
        await SetWithoutReplyAsync(cluster);
    }

    [Fact]
    public async Task Value_WhoseShardLeavesWhileItComesIn_IsStoredWhereTheShardIsAsync()
    {
        const string Joining = "joining";
        await using SiloCluster cluster = await SiloCluster.StartAsync(2, "64MiB", "--max-item", "16MiB");
        byte[] value = Value(seed: 7, 4 << 20);
        string[] leaving = SiloKeys.LeavingFor(Joining, cluster.Primary, cluster.Silos);
        using RawConnection owner = await OpenAsync(cluster.Primary);
        using RawConnection other = await OpenAsync(cluster.Silos[1]);
        await SendHalfAsync(owner, leaving[0], value);
        await SendHalfAsync(other, leaving[1], value);

        SiloProcess joining = await cluster.AddAsync(Joining);
        int share = SiloKeys.ShardsOf(joining, cluster.Silos).Count;
        await SiloCluster.WaitForSumAsync(() => [joining], "granary_shards", share, Deadline);
        await other.SendAsync(value.AsMemory(value.Length / 2));
        await other.SendAsync("\r\n");
        await owner.SendAsync(value.AsMemory(value.Length / 2));
        await owner.SendAsync("\r\n");

        Assert.Equal(("STORED", "STORED"), (await owner.ReadLineAsync(), await other.ReadLineAsync()));
        await AssertEverywhereAsync(cluster, leaving[0], value);
        await AssertEverywhereAsync(cluster, leaving[1], value);
    }

    private static async Task SendHalfAsync(RawConnection connection, string key, byte[] value)
    {
        await connection.SendAsync($"set {key} 0 0 {value.Length}\r\n");
        await connection.SendAsync(value.AsMemory(0, value.Length / 2));
    }

    private async Task SetOfHundredMebibytesAsync(SiloCluster cluster)
    {
        byte[] value = Value(seed: 1, 100 << 20);
        string key = await FindRemoteKeyAsync(cluster.Primary);
        await SetSmallAsync(cluster);
        using var stopping = new CancellationTokenSource();
        Task<TimeSpan>[] readers = [.. cluster.Silos.Select(silo => ReadSmallAsync(silo, stopping.Token))];
        var clock = Stopwatch.StartNew();
        using (RawConnection writer = await OpenAsync(cluster.Primary))
        {
            Assert.Equal("STORED", await writer.StoreAsync($"set {key} 7 0", value));
        }

        output.WriteLine($"100 MiB set through {cluster.Primary.Name}: {clock.Elapsed.TotalMilliseconds:F0} ms");
        foreach (SiloProcess silo in cluster.Silos)
        {
            clock.Restart();
            using RawConnection reader = await OpenAsync(silo);
            byte[]? read = await reader.GetAsync(key);
            output.WriteLine($"100 MiB read through {silo.Name}: {clock.Elapsed.TotalMilliseconds:F0} ms");
            Assert.True(value.AsSpan().SequenceEqual(read), $"{silo.Name} has {read?.Length} bytes, not those set.");
        }

        await stopping.CancelAsync();
        TimeSpan[] longest = await Task.WhenAll(readers);
        output.WriteLine($"Longest small get meanwhile: {longest.Max().TotalMilliseconds:F1} ms");
    }

    private static async Task AppendAsync(SiloCluster cluster)
    {
        byte[] value = Value(seed: 2, 1 << 20);
        byte[] small = Value(seed: 3, 1000);
        byte[] pages = Value(seed: 4, 1_500_000);
        byte[] expected = [.. small, .. value, .. pages];
        string key = await FindRemoteKeyAsync(cluster.Primary);
        foreach (SiloProcess silo in cluster.Silos)
        {
            using RawConnection connection = await OpenAsync(silo);
            Assert.Equal("STORED", await connection.StoreAsync($"set {key} 0 0", value));
            Assert.Equal("STORED", await connection.StoreAsync($"append {key} 0 0", pages));
            Assert.Equal("STORED", await connection.StoreAsync($"prepend {key} 0 0", small));
            await AssertEverywhereAsync(cluster, key, expected);
        }
    }

    private static async Task CompareAndSetAsync(SiloCluster cluster)
    {
        byte[] first = Value(seed: 5, 3 << 20);
        byte[] second = Value(seed: 6, (2 << 20) + 1);
        string key = await FindRemoteKeyAsync(cluster.Primary);
        foreach (SiloProcess silo in cluster.Silos)
        {
            using RawConnection connection = await OpenAsync(silo);
            Assert.Equal("STORED", await connection.StoreAsync($"set {key} 0 0", first));
            string cas = await ReadCasAsync(connection, key, first);
            Assert.Equal("STORED", await connection.StoreAsync($"cas {key} 0 0", second, $" {cas}"));
            Assert.Equal("EXISTS", await connection.StoreAsync($"cas {key} 0 0", first, $" {cas}"));
            Assert.Equal("NOT_FOUND", await connection.StoreAsync($"cas {key}-none 0 0", first, $" {cas}"));
            await AssertEverywhereAsync(cluster, key, second);
        }
    }

    private static async Task SetWithoutReplyAsync(SiloCluster cluster)
    {
        string key = await FindRemoteKeyAsync(cluster.Primary);
        foreach (SiloProcess silo in cluster.Silos)
        {
            byte[] value = Value(silo.Ports.Memcached, 5_000_000);
            using RawConnection connection = await OpenAsync(silo);
            await connection.SendValueAsync($"set {key} 0 0", value, " noreply");
            Assert.Equal(value, await connection.GetAsync(key));
            await AssertEverywhereAsync(cluster, key, value);
        }
    }

    private static async Task AssertEverywhereAsync(SiloCluster cluster, string key, byte[] expected)
    {
        foreach (SiloProcess silo in cluster.Silos)
        {
            using RawConnection connection = await OpenAsync(silo);
            byte[]? read = await connection.GetAsync(key);
            Assert.True(expected.AsSpan().SequenceEqual(read), $"{silo.Name} has {read?.Length} bytes of {key}.");
        }
    }

    private static async Task<string> ReadCasAsync(RawConnection connection, string key, byte[] expected)
    {
        await connection.SendAsync($"gets {key}\r\n");
        string header = await connection.ReadLineAsync();
        string[] parts = header.Split(' ');
        Assert.True(parts is ["VALUE", _, "0", _, _] && parts[3] == $"{expected.Length}", header);
        byte[] value = new byte[expected.Length];
        await connection.ReadExactlyAsync(value);
        Assert.Equal(expected, value);
        Assert.Equal("", await connection.ReadLineAsync());
        Assert.Equal("END", await connection.ReadLineAsync());
        return parts[4];
    }

    // A key for which the silo has to ask another one.
    private static async Task<string> FindRemoteKeyAsync(SiloProcess silo)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Ports.Memcached);
        for (int number = 0; number < 1000; number++)
        {
            string key = $"long-{number}";
            string before = (await connection.StatisticsAsync())["granary_remote_operations"];
            await connection.GetAsync(key);
            if ((await connection.StatisticsAsync())["granary_remote_operations"] != before)
            {
                return key;
            }
        }

        throw new InvalidOperationException($"{silo.Name} owns every one of 1,000 keys.");
    }

    private static async Task SetSmallAsync(SiloCluster cluster)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(cluster.Primary.Ports.Memcached);
        for (int number = 0; number < SmallKeys; number++)
        {
            Assert.Equal("STORED", await connection.SetAsync($"small-{number}", $"value-{number}"));
        }
    }

    // Returns the longest time a get took.
    private static async Task<TimeSpan> ReadSmallAsync(SiloProcess silo, CancellationToken stopping)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(silo.Ports.Memcached);
        TimeSpan longest = TimeSpan.Zero;
        for (int number = 0; !stopping.IsCancellationRequested; number = (number + 1) % SmallKeys)
        {
            long start = Stopwatch.GetTimestamp();
            Assert.Equal($"value-{number}", await connection.GetAsync($"small-{number}"));
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            longest = elapsed > longest ? elapsed : longest;
        }

        return longest;
    }

    private static Task<RawConnection> OpenAsync(SiloProcess silo) => RawConnection.OpenAsync(silo.Ports.Memcached);

    private static byte[] Value(int seed, int lengthBytes)
    {
        byte[] value = new byte[lengthBytes];
        new Random(seed).NextBytes(value);
        return value;
    }
}
