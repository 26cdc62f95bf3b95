using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Ledgers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>S1, S2: a producer and the one subscriber of its stream. What is lost or comes twice is a figure.</summary>
/// <param name="name">Of the workload.</param>
/// <param name="title">Of the workload.</param>
/// <param name="window">Events that are sent and have not come yet.</param>
internal sealed class StreamWorkload(string name, string title, int window) : IQueueWorkload
{
    private const int Prefetch = 256; // a stream pushes; this is how many are taken from the buffer at once
    private const int MaxEvents = 1_000_000;

    public string Name => name;

    public string Title => title;

    public bool Fits(IQueueUnderTest subject) => subject.IsStream;

    public async Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        await using IQueueReceiver receiver = await context.OpenReceiverAsync(Prefetch, cancellationToken);
        await using var sender = new ArrivalSender(await context.OpenSenderAsync(cancellationToken));
        var drain = new Drain(context.Ledger, receiver) { OnDelivery = (delivery, _) => sender.Arrive(delivery) };
        bool isStopping = false;
        Task consuming = Task.Run(
            () => drain.CompleteEachAsync(Prefetch, () => Volatile.Read(ref isStopping), cancellationToken),
            cancellationToken);
        var loops = new SendLoops(context.Ledger, [sender], window, batch: 1, MaxEvents, cancellationToken);
        List<Figure> figures = await loops.MeasureAsync(context, cancellationToken, "event");
        Volatile.Write(ref isStopping, true);
        await consuming;
        await drain.FinishAsync(cancellationToken);
        LedgerBalance balance = context.Ledger.Balance();
        return [.. figures, new Figure("lost", balance.Lost), new Figure("doubled", balance.Duplicates)];
    }
}
