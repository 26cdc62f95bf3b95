using System.Diagnostics;
using Granary.Benchmarks.Load;
using Granary.Benchmarks.Measurement;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>W10: many small messages wait; the server is restarted, and then they are drained.</summary>
internal sealed class BacklogWorkload : IQueueWorkload
{
    private const int Prefetch = 256;
    private const int Batch = 100;
    private const double Mebibyte = 1024 * 1024;

    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    public string Name => "w10";

    public string Title => "1 million messages of 128 B wait (--backlog), a restart, and their drain by batches of 100";

    public int? BodyBytes => 128;

    public async Task<IReadOnlyList<Figure>> RunAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        int count = context.Settings.Backlog;
        ProcessTree before = ProcessTree.Read(context.Subject.ProcessIds);
        long start = Stopwatch.GetTimestamp();
        await context.FillAsync(count, cancellationToken);
        double fillSeconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        ProcessTree full = ProcessTree.Read(context.Subject.ProcessIds);
        List<Figure> figures =
        [
            new Figure("fill msg/s", count / fillSeconds),
            new Figure("memory before MiB", before.MemoryBytes / Mebibyte),
            new Figure("memory growth MiB", (full.MemoryBytes - before.MemoryBytes) / Mebibyte),
        ];
        if (context.Durability != DurabilityClass.Memory && !context.Settings.KeepsRunning)
        {
            await context.Subject.StopServerAsync();
            start = Stopwatch.GetTimestamp();
            await context.Subject.StartServerAsync(cancellationToken);
            await ReceiveOneAsync(context, cancellationToken);
            figures.Add(new Figure("restart s", Stopwatch.GetElapsedTime(start).TotalSeconds, "0.0"));
            ProcessTree restarted = ProcessTree.Read(context.Subject.ProcessIds);
            figures.Add(new Figure("memory restarted MiB", restarted.MemoryBytes / Mebibyte));
        }

        figures.AddRange(await DrainAsync(context, cancellationToken));
        await context.EmptyAsync(cancellationToken);
        return figures;
    }

    private static async Task ReceiveOneAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        await using IQueueReceiver receiver = await context.OpenReceiverAsync(prefetch: 1, cancellationToken);
        IReadOnlyList<Delivery> deliveries = await receiver.ReceiveAsync(1, ReadyTimeout, cancellationToken);
        if (deliveries.Count == 0)
        {
            throw new LoadException($"No message came {ReadyTimeout.TotalSeconds} s after the restart.");
        }

        context.Ledger.Deliver(deliveries[0].Body.Span);
        await receiver.CompleteAsync(deliveries, cancellationToken);
    }

    // The rates of the first and of the last tenth: a queue whose drain is slower when it is deep shows here.
    private static async Task<List<Figure>> DrainAsync(WorkloadContext context, CancellationToken cancellationToken)
    {
        int tenth = context.Settings.Backlog / 10;
        var marks = new long[10];
        int delivered = 0;
        await using IQueueReceiver receiver = await context.OpenReceiverAsync(Prefetch, cancellationToken);
        var drain = new Drain(context.Ledger, receiver)
        {
            OnDelivery = (_, _) =>
            {
                if (++delivered % tenth == 0 && delivered / tenth <= marks.Length)
                {
                    marks[(delivered / tenth) - 1] = Stopwatch.GetTimestamp();
                }
            },
        };
        long start = Stopwatch.GetTimestamp();
        await drain.CompleteBatchesAsync(
            Batch, () => context.Ledger.DeliveredCount >= context.Ledger.ConfirmedCount, cancellationToken);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return
        [
            new Figure("drain msg/s", delivered / seconds),
            new Figure("first tenth msg/s", tenth / Stopwatch.GetElapsedTime(start, marks[0]).TotalSeconds),
            new Figure("ninth tenth msg/s", tenth / Stopwatch.GetElapsedTime(marks[7], marks[8]).TotalSeconds),
        ];
    }
}
