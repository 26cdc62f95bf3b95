using System.Diagnostics;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>W9: how long a message takes to a consumer that waits at an empty queue.</summary>
internal sealed class IdleWakeUpWorkload : IQueueWorkload
{
    private const int Prefetch = 16;
    private const int Messages = 40;

    // Long enough that everything is idle again; odd, so that it does not walk in step with anybody's poll.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(211);

    public string Name => "w9";

    public string Title => "a message every 211 ms to an idle consumer, from the send to the receipt";

    public bool Fits(IQueueUnderTest subject) => true;

    public async Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        await using IQueueSender sender = await context.OpenSenderAsync(cancellationToken);
        await using IQueueReceiver receiver = await context.OpenReceiverAsync(Prefetch, cancellationToken);
        var latency = new LatencyHistogram();
        int received = 0;
        var drain = new Drain(context.Ledger, receiver) { OnDelivery = (_, sent) => Record(sent) };
        Task consuming = Task.Run(
            () => drain.CompleteEachAsync(Prefetch, () => received >= Messages, cancellationToken), cancellationToken);
        for (int i = 0; i < Messages; i++)
        {
            await Task.Delay(Interval, cancellationToken);
            byte[] body = context.Ledger.Make(Stopwatch.GetTimestamp());
            await sender.SendAsync(body, cancellationToken);
            context.Ledger.Confirm(body);
        }

        await consuming;
        await drain.FinishAsync(cancellationToken);
        return
        [
            new Figure("p50 ms", latency.MicrosecondsAt(0.50) / 1000, "0.00"),
            new Figure("p99 ms", latency.MicrosecondsAt(0.99) / 1000, "0.00"),
            new Figure("max ms", latency.MicrosecondsAt(1) / 1000, "0.00"),
        ];

        // The first message also opens what the client opens late.
        void Record(long sent)
        {
            if (received++ > 0)
            {
                latency.Record(Stopwatch.GetTimestamp() - sent, 1);
            }
        }
    }
}
