using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>W8: delayed messages, due one after the other; by the wall clock, which is what a time of day means.</summary>
internal sealed class DelayedWorkload : IQueueWorkload
{
    private const int Messages = 10_000;
    private const int Lanes = 64;

    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(6); // all are sent before the first is due
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(10);

    public string Name => "w8";

    public string Title => "10,000 delayed messages due over 10 s";

    public bool Fits(IQueueUnderTest subject) => subject.CanDelay;

    public async Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        var lateness = new LatencyHistogram();
        long early = 0;
        DateTimeOffset first = TimeProvider.System.GetUtcNow() + Lead;
        await SendAsync(context, first, cancellationToken);
        TimeSpan left = first - TimeProvider.System.GetUtcNow();
        await using (IQueueReceiver receiver = await context.OpenReceiverAsync(Drain.CheckPrefetch, cancellationToken))
        {
            var drain = new Drain(context.Ledger, receiver) { OnDelivery = (_, due) => Record(due) };
            await drain.FinishAsync(cancellationToken);
        }

        return
        [
            new Figure("early", early),
            new Figure("late p50 ms", lateness.MicrosecondsAt(0.50) / 1000, "0.0"),
            new Figure("late p99 ms", lateness.MicrosecondsAt(0.99) / 1000, "0.0"),
            new Figure("late max ms", lateness.MicrosecondsAt(1) / 1000, "0.0"),
            new Figure("sent before due by s", left.TotalSeconds, "0.0"),
        ];

        void Record(long due)
        {
            TimeSpan late = TimeProvider.System.GetUtcNow() - new DateTimeOffset(due, TimeSpan.Zero);
            early += late < TimeSpan.Zero ? 1 : 0;
            lateness.Record(Math.Max(0, (long)(late.TotalSeconds * System.Diagnostics.Stopwatch.Frequency)), 1);
        }
    }

    private static async Task SendAsync(
        WorkloadContext context, DateTimeOffset first, CancellationToken cancellationToken)
    {
        await using IQueueSender sender = await context.OpenSenderAsync(cancellationToken);
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Task.Run(SendAsync, cancellationToken)));

        async Task SendAsync()
        {
            for (int index; (index = Interlocked.Increment(ref next)) < Messages;)
            {
                DateTimeOffset due = first + (index * Span / Messages);
                byte[] body = context.Ledger.Make(due.UtcTicks);
                await sender.SendDelayedAsync(body, due, cancellationToken);
                context.Ledger.Confirm(body);
            }
        }
    }
}
