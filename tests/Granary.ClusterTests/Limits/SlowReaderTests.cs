using System.Text;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Limits;

/// <summary>Clients that ask for much and read nothing: they are waited for in bounded memory, or closed.</summary>
[Collection(ProcessCollection.Name)]
public sealed class SlowReaderTests(SingleSilo fixture, ITestOutputHelper output) : IClassFixture<SingleSilo>
{
    private const long BufferBudgetBytes = 64L << 20; // GatewayOptions.MaxBufferedBytes
    private const int GetsEach = 2000;
    private const int GetsRead = 50;

    // 700 of 128 KiB each are more than the budget: some are closed. Of 200 each is kept.
    [Theory]
    [InlineData(60_000, 700, 48 << 20)]
    [InlineData(900_000, 200, 8 << 20)]
    public async Task Clients_ThatDoNotRead_TakeBoundedMemoryAsync(int valueBytes, int clients, int bufferedAtLeast)
    {
        byte[] value = new byte[valueBytes];
        new Random(valueBytes).NextBytes(value);
        using RawConnection other = await RawConnection.OpenAsync(fixture.Port);
        Assert.Equal("STORED", await other.StoreAsync("set slow 0 0", value));
        long residentBefore = fixture.Silo.ResidentBytes;
        List<RawConnection> slow = [];
        try
        {
            string gets = new StringBuilder().Insert(0, "get slow\r\n", GetsEach).ToString();
            for (int index = 0; index < clients; index++)
            {
                slow.Add(await RawConnection.OpenAsync(fixture.Port, receiveBufferBytes: 16 << 10));
                await slow[^1].SendAsync(gets);
            }

            await fixture.WaitForStatisticAsync(
                "granary_buffered_bytes", $"at least {bufferedAtLeast}", bytes => bytes >= bufferedAtLeast);
            long growth = 0;
            for (int number = 0; number < 500; number++)
            {
                Assert.Equal(value, await other.GetAsync("slow"));
                growth = Math.Max(growth, fixture.Silo.ResidentBytes - residentBefore);
            }

            long buffered = await fixture.StatisticAsync("granary_buffered_bytes");
            long served = await fixture.StatisticAsync("curr_connections");
            output.WriteLine(
                $"{clients} clients, values of {valueBytes}: {growth >> 10} KiB, {buffered >> 10} KiB of them buffers, "
                + $"{served} connections left");
            Assert.InRange(buffered, 0, BufferBudgetBytes);
            Assert.True(growth < BufferBudgetBytes + (64L << 20), $"Resident memory grew by {growth >> 10} KiB.");

            // The first came when there was room; it reads while half of the others still wait.
            slow[(clients / 2)..].ForEach(connection => connection.Dispose());
            for (int number = 0; number < GetsRead; number++)
            {
                Assert.Equal(value, await slow[0].ReadValueAsync());
            }
        }
        finally
        {
            slow.ForEach(connection => connection.Dispose());
        }

        await fixture.WaitForStatisticAsync("granary_buffered_bytes", "0", bytes => bytes == 0);
        await fixture.AssertServesAsync();
    }

    // What the client has sent waits in the kernel, not in the silo, while its answers are on their way.
    [Fact]
    public async Task Pipeline_OfAClientThatReads_IsNotReadAheadAsync()
    {
        const int Gets = 4000;
        string key = new('p', 250);
        byte[] value = new byte[60_000];
        new Random(2).NextBytes(value);
        using RawConnection connection = await RawConnection.OpenAsync(fixture.Port);
        Assert.Equal("STORED", await connection.StoreAsync($"set {key} 0 0", value));
        string gets = new StringBuilder().Insert(0, $"get {key}\r\n", Gets).ToString();

        Task sending = connection.SendAsync(gets);
        long most = 0;
        for (int number = 0; number < Gets; number++)
        {
            Assert.Equal(value, await connection.ReadValueAsync());
            most = number % 100 == 0
                ? Math.Max(most, await fixture.StatisticAsync("granary_buffered_bytes"))
                : most;
        }

        await sending;
        output.WriteLine($"At most {most >> 10} KiB buffered for {gets.Length >> 10} KiB of commands");
        Assert.InRange(most, 0, 512 << 10);
    }
}
