using System.Diagnostics;
using System.Globalization;
using Granary.Queues.Logs.Sqlite;
using Granary.Queues.Owners;
using Granary.Queues.Tests.Logs;

namespace Granary.Queues.Tests.Owners;

/// <summary>
/// A long backlog costs no memory to speak of. GRANARY_QUEUE_BACKLOG=1000000 makes it long and prints the figures.
/// </summary>
public sealed class BacklogTests(ITestOutputHelper output) : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly int Messages =
        int.Parse(
            Environment.GetEnvironmentVariable("GRANARY_QUEUE_BACKLOG") ?? "50000", CultureInfo.InvariantCulture);

    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Backlog_OfManyMessages_NeedsLittleMemoryAndIsDrainedAfterARestart()
    {
        long before;
        await using (SqlitePartitionLog log = _folder.Open())
        {
            await using PartitionOwner owner = await LogFolder.OwnAsync(log);
            await SendAsync(owner, 5000, 128, window: 256);
            before = Resident();
            await MeasureAsync("send 128 B, window 256", Messages, () => SendAsync(owner, Messages, 128, window: 256));
            long grown = Resident() - before;
            output.WriteLine($"resident memory grew by {grown >> 20} MiB");
            Assert.InRange(grown, long.MinValue, 64 << 20);
        }

        await using SqlitePartitionLog again = _folder.Open();
        Stopwatch clock = Stopwatch.StartNew();
        await using PartitionOwner next = await LogFolder.OwnAsync(again);
        output.WriteLine($"restart: {clock.ElapsedMilliseconds} ms");
        await MeasureAsync("drain, prefetch 256, completed together", Messages + 5000, () => DrainAsync(next, Messages + 5000));
        await MeasureAsync("send 1 KiB, window 256", Messages / 5, () => SendAsync(next, Messages / 5, 1024, window: 256));
    }

    private static async Task SendAsync(PartitionOwner owner, int count, int bytes, int window)
    {
        int left = count;
        OutgoingMessage[] message = [new OutgoingMessage { Body = new byte[bytes] }];
        await Task.WhenAll(Enumerable.Range(0, window).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                Assert.Equal(SendOutcome.Accepted, (await owner.SendAsync(message, None))[0].Outcome);
            }
        }));
    }

    private static async Task DrainAsync(PartitionOwner owner, int count)
    {
        while (count > 0)
        {
            LeasedContent[] received = await owner.ReceiveAsync(256, null, None);
            Assert.NotEmpty(received);
            count -= await owner.ExecuteAsync(
                (partition, now) => received.Count(one => partition.Complete(one.Lease.Receipt, now) == SettleOutcome.Done));
        }
    }

    private async Task MeasureAsync(string what, int count, Func<Task> work)
    {
        Stopwatch clock = Stopwatch.StartNew();
        await work();
        output.WriteLine($"{what}: {count / clock.Elapsed.TotalSeconds:F0} messages/s");
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using Process self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }
}
