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

            var loops = new SendLoops(context.Ledger, open, window, batch, MaxMessages, cancellationToken);
            List<Figure> figures = await loops.MeasureAsync(context, cancellationToken);
            await context.EmptyAsync(cancellationToken);
            return figures;
        }
        finally
        {
            foreach (IQueueSender sender in open)
            {
                await sender.DisposeAsync();
            }
        }
    }
}
