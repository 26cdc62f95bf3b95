using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>Confirmed sends: W1 with one under way, W2 with a window, by message and by batch.</summary>
/// <param name="name">Of the workload.</param>
/// <param name="title">Of the workload.</param>
/// <param name="senders">At once.</param>
/// <param name="window">Calls under way of each sender.</param>
/// <param name="batch">Messages of a call.</param>
internal sealed class SendWorkload(string name, string title, int senders, int window, int batch) : IQueueWorkload
{
    private const int MaxMessages = 500_000; // all of them are received for the check

    public string Name => name;

    public string Title => title;

    public async Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        var open = new List<IQueueSender>();
        try
        {
            while (open.Count < senders)
            {
                open.Add(await context.OpenSenderAsync(cancellationToken));
            }

            return await SendAsync(context, open, cancellationToken);
        }
        finally
        {
            foreach (IQueueSender sender in open)
            {
                await sender.DisposeAsync();
            }
        }
    }

    private async Task<IReadOnlyList<Figure>> SendAsync(
        WorkloadContext context, List<IQueueSender> open, CancellationToken cancellationToken)
    {
        QueueSettings settings = context.Settings;
        var loops = new SendLoops(context.Ledger, open, window, batch, MaxMessages, cancellationToken);
        await Task.WhenAny(Task.Delay(settings.Warmup, cancellationToken), loops.Ended);
        ServerMeter meter = await context.StartMeterAsync(cancellationToken);
        long before = context.Ledger.ConfirmedCount;
        loops.StartRecording();
        await Task.WhenAny(Task.Delay(settings.Duration, cancellationToken), loops.Ended);
        await loops.ThrowIfFailedAsync();
        List<Figure> figures = await meter.StopAsync(() => context.Ledger.ConfirmedCount - before, cancellationToken);
        await loops.StopAsync();
        await context.EmptyAsync(cancellationToken);
        if (!settings.CountsSyncs)
        {
            Quantiles latency = loops.Latency();
            figures.Insert(1, new Figure("p50 ms", latency.P50 / 1000, "0.00"));
            figures.Insert(2, new Figure("p99 ms", latency.P99 / 1000, "0.00"));
        }

        return figures;
    }
}
