using System.Diagnostics;
using System.Globalization;
using Granary.ClusterTests.Processes;

namespace Granary.ClusterTests.Silos;

/// <summary>
/// A silo that does not fit is refused, says why, and the cluster does not notice; one that fits is known by the
/// address that it advertises.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class JoinTests(ITestOutputHelper output)
{
    private const int Shards = 256; // the silos' default

    // Of what the silo itself waits for, with the start of the process on a busy machine.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Join_OfSilosThatDoNotFit_IsRefusedAndNotNoticedByClientsAsync()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 2, "32MiB");
        await using SteadyLoad load = SteadyLoad.Start(cluster.Silos);

        var clock = Stopwatch.StartNew();
        Task<string> otherCount = RefusedAsync(cluster, "other-count", "--shards", "128");
        Task<string> sameName = RefusedAsync(cluster, cluster.Silos[1].Name);
        Task<SiloProcess>[] twins = [StartAsync(cluster, "twin"), StartAsync(cluster, "twin")];
        await Task.WhenAll([otherCount, sameName, .. twins]).ContinueWith(static _ => { }, TaskScheduler.Default);
        output.WriteLine($"{clock.Elapsed}, {await load.CompleteAsync()} operations without an error");

        Assert.Contains("granary: CacheOptions.ShardCount (--shards) is 128, but silo '", await otherCount, StringComparison.Ordinal);
        Assert.Contains("has 256; it must be the same on all silos of a cluster.", await otherCount, StringComparison.Ordinal);
        Assert.Contains("granary: The silo name 'silo-1' (--name) is taken by the silo at ", await sameName, StringComparison.Ordinal);
        Task<SiloProcess> refused = Assert.Single(twins, task => task.IsFaulted);
        output.WriteLine(refused.Exception!.Message);
        Assert.Contains("granary: The silo name 'twin' (--name) is taken", refused.Exception.Message, StringComparison.Ordinal);
        await using SiloProcess joined = await Assert.Single(twins, task => task.IsCompletedSuccessfully);
        Assert.True(clock.Elapsed < Deadline, $"Only after {clock.Elapsed}.");
        await cluster.WaitUntilReadyAsync();
        Assert.Equal(2, cluster.Running.Count());

        await AssertPortsAreItsOwnAsync(cluster);
        await JoinInPlaceOfAsync(cluster, cluster.Silos[1]);
    }

    [Fact]
    public async Task Join_OfASiloTooSmallForItsShareOfAFullCluster_LosesTheOldestOnlyAsync()
    {
        HandRun.SkipUnlessLong(); // CopiedRecencyTests has it without processes
        const int Keys = 70_000; // with 1 KiB each more than two silos of 32 MiB hold
        const int Newest = 20_000; // less than the third hold with its share in 16 MiB
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 2, "32MiB");
        string value = new('v', 1000);
        string[] keys = [.. Enumerable.Range(0, Keys).Select(number => $"key-{number}")];
        await SiloKeys.SetAsync(cluster.Silos[0], keys, value);
        int before = await SiloKeys.CountAsync(cluster.Silos[1], keys[^Newest..], value);

        await using SiloProcess small = await SiloProcess.StartAsync("small", "16MiB", cluster.Primary);
        int share = SiloKeys.ShardsOf(small, [.. cluster.Silos, small]).Count;
        await cluster.WaitForSumAsync("granary_shards", Shards - share, Deadline);
        int after = await SiloKeys.CountAsync(small, keys[^Newest..], value);
        int all = await SiloKeys.CountAsync(small, keys, value);

        string evictions = (await small.StatisticsAsync())["evictions"];
        output.WriteLine($"{before} and {after} of the newest {Newest}; {all} in all; the small one has evicted {evictions}");
        Assert.Equal((Newest, Newest), (before, after));
        Assert.InRange(all, Newest + 1, Keys - 1);
        Assert.True(long.Parse(evictions, CultureInfo.InvariantCulture) > 0);
    }

    // As in a container, which listens on all its addresses and is known by one.
    [Fact]
    public async Task Join_OfSilosThatListenOnAllAddresses_IsByTheOneThatTheyAdvertiseAsync()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(
            siloCount: 2, "32MiB", "--bind", "0.0.0.0", "--advertise", "127.0.0.1", "--insecure");

        Assert.All(cluster.Silos, silo => Assert.Contains(
            $"AddGranaryClient(\"127.0.0.1:{silo.Ports.Gateway}\")", silo.Output.ToString(), StringComparison.Ordinal));
    }

    // A silo that starts while the one of its name leaves is not refused.
    private static async Task JoinInPlaceOfAsync(SiloCluster cluster, SiloProcess leaving)
    {
        Task<SiloProcess> joining = cluster.AddAsync(leaving.Name);
        Assert.Equal(0, await leaving.TerminateAsync());
        await joining;
        await cluster.WaitUntilReadyAsync();
    }

    private static Task<SiloProcess> StartAsync(SiloCluster cluster, string name, params string[] arguments) =>
        SiloProcess.StartAsync(name, "32MiB", cluster.Primary, arguments);

    // What it wrote.
    private static async Task AssertPortsAreItsOwnAsync(SiloCluster cluster)
    {
        (string Option, int Port)[] taken =
        [
            ("--memcached-port", cluster.Primary.Ports.Memcached),
            ("--silo-port", cluster.Primary.Ports.Silo),
            ("--gateway-port", cluster.Primary.Ports.Gateway),
        ];
        string[] refusals = await Task.WhenAll(taken.Select(port => RefusedAsync(
            cluster, "other", port.Option, port.Port.ToString(CultureInfo.InvariantCulture))));
        Assert.All(taken.Zip(refusals), static pair => Assert.Contains(
            $"{pair.First.Option}: port {pair.First.Port} on 127.0.0.1 is in use", pair.Second, StringComparison.Ordinal));
    }

    private static async Task<string> RefusedAsync(SiloCluster cluster, string name, params string[] arguments)
    {
        TimeoutException error = await Assert.ThrowsAsync<TimeoutException>(() => StartAsync(cluster, name, arguments));
        Assert.Contains("ended with code 1", error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
