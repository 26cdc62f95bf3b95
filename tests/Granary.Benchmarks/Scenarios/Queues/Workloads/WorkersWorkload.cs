using System.Diagnostics;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>W5: workers compete for a full queue; each works 1 ms on a message, one message after the other.</summary>
internal sealed class WorkersWorkload : IQueueWorkload
{
    private const int Workers = 8;
    private const int Prefetch = 16;

    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Name => "w5";

    public string Title => "8 workers of prefetch 16, 1 ms of work on each message";

    public async Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        await context.FillAsync(context.Settings.Messages, cancellationToken);
        var receivers = new List<IQueueReceiver>();
        List<Figure> figures;
        try
        {
            while (receivers.Count < Workers)
            {
                receivers.Add(await context.OpenReceiverAsync(Prefetch, cancellationToken));
            }

            using var timer = new PreciseTimer();
            var allDone = new Milestone(context.Settings.Messages);
            ServerMeter meter = await context.StartMeterAsync(cancellationToken);
            Task<long[]> working = Task.WhenAll(receivers.Select(receiver =>
                Task.Run(() => WorkAsync(context, receiver, timer, allDone, cancellationToken), cancellationToken)));
            await Task.WhenAny(allDone.Reached, working); // the workers wait a little longer for more
            figures = await meter.StopAsync(() => allDone.Count, cancellationToken);
            long[] counts = await working;
            figures.Add(new Figure("least/most of a worker", (double)counts.Min() / counts.Max(), "0.00"));
        }
        finally
        {
            foreach (IQueueReceiver receiver in receivers)
            {
                await receiver.DisposeAsync();
            }
        }

        await context.EmptyAsync(cancellationToken);
        return figures;
    }

    private static async Task<long> WorkAsync(
        WorkloadContext context, IQueueReceiver receiver, PreciseTimer timer, Milestone allDone,
        CancellationToken cancellationToken)
    {
        long count = 0;
        long lastDelivery = Stopwatch.GetTimestamp();
        while (context.Ledger.DeliveredCount < context.Ledger.ConfirmedCount
            && Stopwatch.GetElapsedTime(lastDelivery) < Patience)
        {
            foreach (Delivery delivery in await receiver.ReceiveAsync(Prefetch, Wait, cancellationToken))
            {
                context.Ledger.Deliver(delivery.Body.Span);
                await timer.DelayAsync(Work);
                await receiver.CompleteAsync(delivery, cancellationToken);
                allDone.Add();
                count++;
                lastDelivery = Stopwatch.GetTimestamp();
            }
        }

        return count;
    }
}
