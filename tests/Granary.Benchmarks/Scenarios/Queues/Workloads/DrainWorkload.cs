using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>W3: one consumer empties a full queue.</summary>
/// <param name="name">Of the workload.</param>
/// <param name="title">Of the workload.</param>
/// <param name="batch">Messages completed with one call; 1 for each by itself, 256 under way.</param>
internal sealed class DrainWorkload(string name, string title, int batch) : IQueueWorkload
{
    private const int Prefetch = 256;

    public string Name => name;

    public string Title => title;

    public async Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        await context.FillAsync(context.Settings.Messages, cancellationToken);
        List<Figure> figures;
        await using (IQueueReceiver receiver =
            await context.OpenReceiverAsync(Prefetch, cancellationToken, isOneByOne: batch == 1))
        {
            var drain = new Drain(context.Ledger, receiver);
            ServerMeter meter = await context.StartMeterAsync(cancellationToken);
            await (batch == 1
                ? drain.CompleteEachAsync(Prefetch, IsDone, cancellationToken)
                : drain.CompleteBatchesAsync(batch, IsDone, cancellationToken));
            figures = await meter.StopAsync(() => drain.Completed, cancellationToken);
        }

        await context.EmptyAsync(cancellationToken);
        return figures;

        bool IsDone() => context.Ledger.DeliveredCount >= context.Ledger.ConfirmedCount;
    }
}
