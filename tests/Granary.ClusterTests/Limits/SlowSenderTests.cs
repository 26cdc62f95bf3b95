using System.Diagnostics;
using System.Text;
using Granary.ClusterTests.Clients;
using Granary.ClusterTests.Processes;
using Granary.ClusterTests.Silos;

namespace Granary.ClusterTests.Limits;

/// <summary>Clients that send a byte a second are answered in the end, and nobody waits for them.</summary>
[Collection(ProcessCollection.Name)]
public sealed class SlowSenderTests(ITestOutputHelper output)
{
    private const int Senders = 200;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Connections_ThatSendAByteASecond_AreAnsweredAndHoldNobodyUpAsync()
    {
        HandRun.SkipUnlessSlow();
        await using SiloCluster cluster = await SiloCluster.StartAsync(siloCount: 1, "64MiB");
        int port = cluster.Primary.Ports.Memcached;
        List<RawConnection> senders = [];
        try
        {
            for (int number = 0; number < Senders; number++)
            {
                senders.Add(await RawConnection.OpenAsync(port));
            }

            var clock = Stopwatch.StartNew();
            Task sending = SendSlowlyAsync(senders);
            (long gets, TimeSpan longest) = await GetUntilAsync(port, sending);
            await sending;

            output.WriteLine(
                $"{Senders} connections sent {Commands(0).Length} bytes each in {clock.Elapsed.TotalSeconds:0.0} s; "
                + $"{gets} gets of another, the longest in {longest.TotalMilliseconds:0.0} ms");
            for (int number = 0; number < Senders; number++)
            {
                Assert.Equal("STORED", await senders[number].ReadLineAsync());
                Assert.Equal(ValueOf(number), Encoding.ASCII.GetString((await senders[number].ReadValueAsync())!));
            }

            Assert.True(longest < LongestWait, $"Another connection waited {longest}.");
        }
        finally
        {
            senders.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task SendSlowlyAsync(List<RawConnection> senders)
    {
        byte[][] commands = [.. Enumerable.Range(0, Senders).Select(number => Encoding.ASCII.GetBytes(Commands(number)))];
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (int offset = 0; offset < commands[0].Length; offset++)
        {
            await second.WaitForNextTickAsync();
            for (int number = 0; number < Senders; number++)
            {
                await senders[number].SendAsync(commands[number].AsMemory(offset, 1));
            }
        }
    }

    private static async Task<(long Gets, TimeSpan Longest)> GetUntilAsync(int port, Task end)
    {
        byte[] value = Encoding.ASCII.GetBytes("a value");
        using RawConnection connection = await RawConnection.OpenAsync(port);
        Assert.Equal("STORED", await connection.StoreAsync("set normal 0 0", value));
        long gets = 0;
        var longest = TimeSpan.Zero;
        for (; !end.IsCompleted; gets++)
        {
            long start = Stopwatch.GetTimestamp();
            Assert.Equal(value, await connection.GetAsync("normal"));
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            longest = elapsed > longest ? elapsed : longest;
        }

        return (gets, longest);
    }

    // All of one length: 57 bytes, a minute.
    private static string Commands(int number) =>
        $"set slow-{number:D3} 0 0 20\r\n{ValueOf(number)}\r\nget slow-{number:D3}\r\n";

    private static string ValueOf(int number) => $"{number:D20}";
}
