using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>W4 at most: a sender with a window and a consumer with prefetch at the same time.</summary>
internal sealed class EndToEndWorkload : IQueueWorkload
{
    private const int Window = 256;
    private const int MaxMessages = 500_000;

    public string Name => "w4-max";

    public string Title => "end to end, 1 sender of window 256 and 1 consumer of prefetch 256";

    public async Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        QueueSettings settings = context.Settings;
        await using IQueueSender sender = await context.OpenSenderAsync(cancellationToken);
        await using IQueueReceiver receiver =
            await context.OpenReceiverAsync(Window, cancellationToken, isOneByOne: true);
        var drain = new Drain(context.Ledger, receiver);
        bool isStopping = false;
        Task consuming = Task.Run(
            () => drain.CompleteEachAsync(Window, () => Volatile.Read(ref isStopping), cancellationToken),
            cancellationToken);
        var loops = new SendLoops(context.Ledger, [sender], Window, batch: 1, MaxMessages, cancellationToken);
        Task ended = Task.WhenAny(loops.Ended, consuming);
        await Task.WhenAny(Task.Delay(settings.Warmup, cancellationToken), ended);
        ServerMeter meter = await context.StartMeterAsync(cancellationToken);
        long before = drain.Completed;
        await Task.WhenAny(Task.Delay(settings.Duration, cancellationToken), ended);
        await loops.ThrowIfFailedAsync();
        List<Figure> figures = await meter.StopAsync(() => drain.Completed - before, cancellationToken);
        await loops.StopAsync();
        Volatile.Write(ref isStopping, true);
        await consuming;
        await drain.FinishAsync(cancellationToken);
        return figures;
    }
}
