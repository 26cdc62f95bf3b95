using System.Diagnostics;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;
using Granary.Benchmarks.Scenarios.Queues.Ledgers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>
/// W5: workers compete for a full queue; each works 1 ms on a message, one message after the other. W11: what somebody else's
/// trouble with the queue does to their rate, measured over the first three quarters of the messages.
/// </summary>
internal sealed class WorkersWorkload(string name, string title, Trouble trouble) : IQueueWorkload
{
    private const int Workers = 8;
    private const int Prefetch = 16;

    private const int PoisonInterval = 1000; // one message of so many
    private const int PoisonAttempts = 10;

    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan SlowWork = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PoisonRetryDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public string Name => name;

    public string Title => title;

    public bool Fits(IQueueUnderTest subject) =>
        trouble == Trouble.None ? !subject.IsStream : subject is GranaryQueue;

    public async Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        await context.FillAsync(context.Settings.Messages, cancellationToken);
        var receivers = new List<IQueueReceiver>();
        List<Figure> figures;
        try
        {
            while (receivers.Count <= Workers)
            {
                receivers.Add(await context.OpenReceiverAsync(Prefetch, cancellationToken));
            }

            using var timer = new PreciseTimer();
            var done = new Milestone(Goal(context.Settings.Messages));
            ServerMeter meter = await context.StartMeterAsync(cancellationToken);
            Task troubling = TroubleAsync(context, receivers[Workers], timer, cancellationToken);
            Task<long[]> working = Task.WhenAll(receivers.Take(Workers).Select(receiver => Task.Run(
                () => WorkAsync(context, receiver, timer, Work, done, cancellationToken), cancellationToken)));
            await Task.WhenAny(done.Reached, working); // the workers wait a little longer for more
            figures = await meter.StopAsync(() => done.Count, cancellationToken);
            long[] counts = await working;
            await troubling;
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

    private long Goal(long messages) => name == "w5" ? messages : messages * 3 / 4;

    private Task TroubleAsync(
        WorkloadContext context, IQueueReceiver receiver, PreciseTimer timer, CancellationToken cancellationToken) =>
        trouble switch
        {
            Trouble.Stuck => HoldAsync(context, receiver, cancellationToken),
            Trouble.Slow => WorkAsync(context, receiver, timer, SlowWork, new Milestone(long.MaxValue), cancellationToken),
            _ => Task.CompletedTask,
        };

    // Takes what it has asked for, and completes it when all others are done.
    private static async Task HoldAsync(
        WorkloadContext context, IQueueReceiver receiver, CancellationToken cancellationToken)
    {
        IReadOnlyList<Delivery> held = await receiver.ReceiveAsync(Prefetch, Wait, cancellationToken);
        foreach (Delivery delivery in held)
        {
            context.Ledger.Deliver(delivery.Body.Span);
        }

        while (context.Ledger.DeliveredCount < context.Ledger.ConfirmedCount)
        {
            await Task.Delay(Wait, cancellationToken);
        }

        await receiver.CompleteAsync(held, cancellationToken);
    }

    private async Task<long> WorkAsync(
        WorkloadContext context, IQueueReceiver receiver, PreciseTimer timer, TimeSpan work, Milestone done,
        CancellationToken cancellationToken)
    {
        long count = 0;
        long lastDelivery = Stopwatch.GetTimestamp();
        while (context.Ledger.DeliveredCount < context.Ledger.ConfirmedCount
            && Stopwatch.GetElapsedTime(lastDelivery) < Patience)
        {
            foreach (Delivery delivery in await receiver.ReceiveAsync(Prefetch, Wait, cancellationToken))
            {
                if (trouble == Trouble.Poison && receiver is GranaryReceiver granary && IsPoison(delivery))
                {
                    await FailAsync(context, granary, delivery, cancellationToken);
                    continue;
                }

                context.Ledger.Deliver(delivery.Body.Span);
                await timer.DelayAsync(work);
                await receiver.CompleteAsync(delivery, cancellationToken);
                done.Add();
                count++;
                lastDelivery = Stopwatch.GetTimestamp();
            }
        }

        return count;
    }

    private static bool IsPoison(Delivery delivery) => MessageLedger.NumberOf(delivery.Body.Span) % PoisonInterval == 0;

    // It fails in every attempt, the last of which ends it.
    private static async Task FailAsync(
        WorkloadContext context, GranaryReceiver receiver, Delivery delivery, CancellationToken cancellationToken)
    {
        if (GranaryReceiver.FailuresOf(delivery) < PoisonAttempts - 1)
        {
            await receiver.FailAsync(delivery, PoisonRetryDelay, cancellationToken);
        }
        else
        {
            await receiver.DeadLetterAsync(delivery, cancellationToken);
            context.Ledger.Deliver(delivery.Body.Span);
        }
    }
}
