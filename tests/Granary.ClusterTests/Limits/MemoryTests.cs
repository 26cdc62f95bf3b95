using System.Diagnostics;
using System.Text;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Limits;

/// <summary>A full silo takes its budget and what an empty one takes, and hardly more.</summary>
[Collection(ProcessCollection.Name)]
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const long BudgetBytes = 512L << 20;
    private const long FillBytes = 3 * BudgetBytes;
    private const int BatchBytes = 1 << 20;
    private const int LongestValueBytes = 64 << 10;

    [Fact]
    public async Task Fill_ThreeTimesOver_KeepsToTheBudgetAsync()
    {
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 1, "512MiB");
        long empty = cluster.Primary.ResidentBytes;
        using RawConnection connection = await RawConnection.OpenAsync(cluster.Primary.Ports.Memcached);
        var clock = Stopwatch.StartNew();

        (long values, long most) = await FillAsync(cluster.Primary, connection);
        long full = cluster.Primary.ResidentBytes;

        using MemcachedConnection other = await MemcachedConnection.OpenAsync(cluster.Primary.Ports.Memcached);
        Dictionary<string, string> statistics = await other.StatisticsAsync();
        double overhead = (double)(Math.Max(full, most) - empty) / BudgetBytes;
        output.WriteLine($"{values} values, {FillBytes >> 20} MiB in {clock.Elapsed.TotalSeconds:F1} s");
        output.WriteLine($"Resident: empty {empty >> 20} MiB, full {full >> 20} MiB, at most {most >> 20} MiB");
        output.WriteLine($"Growth / budget: {overhead:F3}");
        foreach (string name in new[] { "curr_items", "bytes", "granary_used_bytes", "evictions", "store_no_memory" })
        {
            output.WriteLine($"{name}: {statistics[name]}");
        }

        Assert.Equal("0", statistics["store_no_memory"]);
        Assert.True(overhead <= 1.05, $"Resident memory grew by {overhead:F3} of the budget.");
    }

    // Lengths are spread evenly over their logarithms: as many values of 16 to 32 bytes as of 32 to 64 KiB.
    private static async Task<(long Values, long MostResidentBytes)> FillAsync(
        SiloProcess silo, RawConnection connection)
    {
        var random = new Random(3);
        byte[] noise = new byte[2 * LongestValueBytes];
        random.NextBytes(noise);
        byte[] batch = new byte[BatchBytes + LongestValueBytes + 100];
        long values = 0;
        long most = 0;
        for (long filled = 0; filled < FillBytes;)
        {
            int length = 0;
            while (length < BatchBytes)
            {
                int valueBytes = (int)(16 * Math.Pow(2, random.NextDouble() * 12));
                length += Encoding.ASCII.GetBytes($"set fill-{values} 0 0 {valueBytes} noreply\r\n", batch.AsSpan(length));
                noise.AsSpan(random.Next(LongestValueBytes), valueBytes).CopyTo(batch.AsSpan(length));
                length += valueBytes;
                "\r\n"u8.CopyTo(batch.AsSpan(length));
                length += 2;
                filled += valueBytes;
                values++;
            }

            await connection.SendAsync(batch.AsMemory(0, length));
            most = Math.Max(most, silo.ResidentBytes);
        }

        // The answer comes when all before it is done.
        Assert.StartsWith("VERSION ", await connection.CommandAsync("version"), StringComparison.Ordinal);
        return (values, most);
    }
}
