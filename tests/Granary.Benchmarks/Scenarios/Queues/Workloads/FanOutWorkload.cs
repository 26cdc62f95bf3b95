using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>W6: a sender with a window, and four subscriptions of which each has every message once.</summary>
internal sealed class FanOutWorkload : IQueueWorkload
{
    private const int Window = 256;
    private const int MaxMessages = 200_000; // each is delivered four times

    private static readonly string[] Subscriptions = ["one", "two", "three", "four"];

    public string Name => "w6";

    public string Title =>
        "fan-out, 1 sender of window 256 to 4 subscriptions of prefetch 256; use is for each delivered message";

    public bool Fits(IQueueUnderTest subject) => subject.Topics is not null;

    public Task CreateAsync(WorkloadContext context, CancellationToken cancellationToken) =>
        context.Subject.Topics!.CreateAsync(context.Queue, Subscriptions, cancellationToken);

    public Task DeleteAsync(WorkloadContext context, CancellationToken cancellationToken) =>
        context.Subject.Topics!.DeleteAsync(context.Queue, Subscriptions, cancellationToken);

    public async Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        ITopics topics = context.Subject.Topics!;
        await using IQueueSender sender = await topics.OpenSenderAsync(context.Queue, cancellationToken);
        var receivers = new List<IQueueReceiver>();
        try
        {
            foreach (string subscription in Subscriptions)
            {
                receivers.Add(await topics.OpenReceiverAsync(
                    context.Queue, subscription, new ReceiverSettings(Window), cancellationToken));
            }

            return await RunAsync(context, sender, receivers, cancellationToken);
        }
        finally
        {
            foreach (IQueueReceiver receiver in receivers)
            {
                await receiver.DisposeAsync();
            }
        }
    }

    private static async Task<IReadOnlyList<Figure>> RunAsync(
        WorkloadContext context, IQueueSender sender, List<IQueueReceiver> receivers,
        CancellationToken cancellationToken)
    {
        QueueSettings settings = context.Settings;
        Drain[] drains = [.. receivers.Select(receiver => new Drain(context.Ledger.Subscribe(), receiver))];
        bool isStopping = false;
        Task consuming = Task.WhenAll(drains.Select(drain => Task.Run(
            () => drain.CompleteEachAsync(Window, () => Volatile.Read(ref isStopping), cancellationToken),
            cancellationToken)));
        var loops = new SendLoops(context.Ledger, [sender], Window, batch: 1, MaxMessages, cancellationToken);
        Task ended = Task.WhenAny(loops.Ended, consuming);
        await Task.WhenAny(Task.Delay(settings.Warmup, cancellationToken), ended);
        ServerMeter meter = await context.StartMeterAsync(cancellationToken, "delivered msg");
        long deliveredBefore = drains.Sum(drain => drain.Completed);
        long publishedBefore = context.Ledger.ConfirmedCount;
        long published = 0;
        await Task.WhenAny(Task.Delay(settings.Duration, cancellationToken), ended);
        await loops.ThrowIfFailedAsync();
        List<Figure> figures = await meter.StopAsync(
            () =>
            {
                published = context.Ledger.ConfirmedCount - publishedBefore;
                return drains.Sum(drain => drain.Completed) - deliveredBefore;
            },
            cancellationToken);
        await loops.StopAsync();
        Volatile.Write(ref isStopping, true);
        await consuming;
        await Task.WhenAll(drains.Select(drain => drain.FinishAsync(cancellationToken)));
        if (!settings.CountsSyncs)
        {
            figures.Insert(1, new Figure("published msg/s", published / meter.Elapsed.TotalSeconds));
        }

        return figures;
    }
}
