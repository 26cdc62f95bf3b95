using System.Diagnostics;
using System.Globalization;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;
using Granary.Tests.Shared.Containers;
using Granary.Tests.Shared.Manifests;

namespace Granary.ClusterTests.Limits;

/// <summary>A silo that takes its budget from its container's limit stays below the limit, however it is filled.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ContainerMemoryTests(ITestOutputHelper output)
{
    private const string Container = "granary-memory";
    private const long LimitBytes = 512L << 20;
    private const int Writers = 4;
    private const int ValuesOfABatch = 32;
    private const int LongestValueBytes = 1 << 20;
    private const int Keys = 100_000;

    private static readonly TimeSpan LoadTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Silo_FilledBeyondItsBudget_IsNotKilledAsync()
    {
        HandRun.SkipUnlessLong(); // MemoryTests is the short one, without a container
        await using PostgreSqlProcess store = await PostgreSqlProcess.StartNewAsync();
        await using ContainerImage image = await ContainerImage.BuildAsync(HandRun.SiloFolder);
        var pods = new PodPlaces(image, (await Overlay.RenderAsync(Overlay.Production)).Silos, LimitBytes);
        await using SiloCluster cluster = SiloCluster.WithStore(store.ConnectionString, memory: null);
        SiloProcess silo = await cluster.AddAsync("silo", pods.Here(Container));
        string processId = await image.InspectAsync(Container, "{{.State.Pid}}");

        long[] filled = await Task.WhenAll(Enumerable.Range(0, Writers).Select(number => FillAsync(silo, number)));

        Dictionary<string, string> statistics = await silo.StatisticsAsync();
        output.WriteLine($"{filled.Sum() >> 20} MiB were set in {LoadTime}; resident {ReadResidentMebibytes(processId)} MiB, without mapped files");
        foreach (string name in (string[])["limit_maxbytes", "granary_used_bytes", "curr_items", "evictions", "store_no_memory"])
        {
            output.WriteLine($"{name}: {statistics[name]}");
        }

        Assert.True(long.Parse(statistics["evictions"], CultureInfo.InvariantCulture) > 0);
        Assert.True(filled.Sum() > 10 * LimitBytes);
        Assert.Equal(0, await silo.TerminateAsync().WaitAsync(StopDeadline)); // 137 if the kernel had killed it
    }

    // Sets and gets values whose lengths are spread evenly over their logarithms, and changes the size of each key's value.
    private static async Task<long> FillAsync(SiloProcess silo, int number)
    {
        var random = new Random(number);
        byte[] noise = new byte[LongestValueBytes];
        random.NextBytes(noise);
        using RawConnection connection = await RawConnection.OpenAsync(silo.Ports.Memcached);
        var clock = Stopwatch.StartNew();
        long filled = 0;
        while (clock.Elapsed < LoadTime)
        {
            for (int value = 0; value < ValuesOfABatch; value++)
            {
                int length = (int)Math.Pow(LongestValueBytes - 1000, random.NextDouble());
                await connection.SendValueAsync(
                    $"set fill-{random.Next(Keys)} 0 {random.Next(600)}", noise.AsMemory(0, length), " noreply");
                filled += length;
            }

            await connection.GetAsync($"fill-{random.Next(Keys)}");
        }

        return filled;
    }

    // The kernel takes mapped files away before it kills.
    private static long ReadResidentMebibytes(string processId)
    {
        const string Label = "RssAnon:";
        string line = File.ReadLines($"/proc/{processId}/status").First(candidate => candidate.StartsWith(Label, StringComparison.Ordinal));
        return long.Parse(line[Label.Length..^"kB".Length], CultureInfo.InvariantCulture) >> 10;
    }
}
