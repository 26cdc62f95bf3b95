using System.Diagnostics;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>
/// W4 at a fixed rate, open loop: a message is late from the moment it should have been sent, however slow the server.
/// </summary>
internal sealed class PacedWorkload(string name, string title, int rate) : IQueueWorkload
{
    private const int Prefetch = 256;
    private const int MaxUnderWay = 20_000; // beyond it the sender waits, which counts against the server

    public string Name => name;

    public string Title => title;

    public async Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        await using IQueueSender sender = await context.OpenSenderAsync(cancellationToken);
        await using IQueueReceiver receiver =
            await context.OpenReceiverAsync(Prefetch, cancellationToken, isOneByOne: true);
        long start = Stopwatch.GetTimestamp();
        long recordFrom = start + Ticks(context.Settings.Warmup);
        long end = recordFrom + Ticks(context.Settings.Duration);
        var latency = new LatencyHistogram();
        long receivedInTime = 0;
        var drain = new Drain(context.Ledger, receiver) { OnDelivery = (_, intended) => Record(intended) };
        bool isStopping = false;
        Task consuming = Task.Run(
            () => drain.CompleteEachAsync(Prefetch, () => Volatile.Read(ref isStopping), cancellationToken),
            cancellationToken);
        await SendAsync(context, sender, start, end, cancellationToken);
        Volatile.Write(ref isStopping, true);
        await consuming;
        await drain.FinishAsync(cancellationToken);
        return
        [
            new Figure("received msg/s", receivedInTime / context.Settings.Duration.TotalSeconds),
            new Figure("p50 ms", latency.MicrosecondsAt(0.50) / 1000, "0.00"),
            new Figure("p99 ms", latency.MicrosecondsAt(0.99) / 1000, "0.00"),
            new Figure("p99.9 ms", latency.MicrosecondsAt(0.999) / 1000, "0.00"),
        ];

        void Record(long intended)
        {
            long now = Stopwatch.GetTimestamp();
            receivedInTime += now >= recordFrom && now < end ? 1 : 0;
            if (intended >= recordFrom)
            {
                latency.Record(now - intended, 1);
            }
        }
    }

    private static long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * Stopwatch.Frequency);

    private async Task SendAsync(
        WorkloadContext context, IQueueSender sender, long start, long end, CancellationToken cancellationToken)
    {
        using var timer = new PreciseTimer();
        using var underWay = new SemaphoreSlim(MaxUnderWay);
        var sends = new List<Task>();
        for (long index = 0; ; index++)
        {
            long intended = start + (index * Stopwatch.Frequency / rate);
            if (intended >= end)
            {
                break;
            }

            await timer.DelayUntilAsync(intended);
            cancellationToken.ThrowIfCancellationRequested();

            await underWay.WaitAsync(cancellationToken);
            sends.Add(SendOneAsync(intended));
        }

        await Task.WhenAll(sends);

        async Task SendOneAsync(long intended)
        {
            byte[] body = context.Ledger.Make(intended);
            await sender.SendAsync(body, cancellationToken);
            context.Ledger.Confirm(body);
            underWay.Release();
        }
    }
}
