using System.Diagnostics;
using Granary.Benchmarks.Scenarios.Queues.Ledgers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>A consumer that receives and completes, the next messages being received while the last are completed.</summary>
internal sealed class Drain(MessageLedger ledger, IQueueReceiver receiver)
{
    public const int CheckPrefetch = 1000;

    private const int CheckChunk = CheckPrefetch / 2;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastLook = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15); // then what is missing counts as lost

    private long _completed;

    /// <summary>Deliveries whose completion was answered.</summary>
    public long Completed => Volatile.Read(ref _completed);

    /// <summary>Called with every delivery and its stamp, one at a time.</summary>
    public Action<Delivery, long>? OnDelivery { get; init; }

    /// <summary>Completes each message by itself, as many at once as are under way.</summary>
    /// <param name="prefetch">Messages under way at most.</param>
    /// <param name="isDone">Asked before each receive.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task CompleteEachAsync(int prefetch, Func<bool> isDone, CancellationToken cancellationToken) =>
        RunAsync(
            prefetch / 2,
            isDone,
            deliveries => Task.WhenAll(deliveries.Select(delivery => receiver.CompleteAsync(delivery, cancellationToken))),
            cancellationToken);

    /// <summary>Completes several messages with one call; two such batches are under way at most.</summary>
    public Task CompleteBatchesAsync(int batch, Func<bool> isDone, CancellationToken cancellationToken) =>
        RunAsync(batch, isDone, deliveries => receiver.CompleteAsync(deliveries, cancellationToken), cancellationToken);

    /// <summary>Completes whatever is there until every confirmed message was delivered and nothing more comes.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        await CompleteBatchesAsync(CheckChunk, () => ledger.DeliveredCount >= ledger.ConfirmedCount, cancellationToken);
        while (await ReceiveAsync(CheckChunk, LastLook, cancellationToken) is { Count: > 0 } more)
        {
            await receiver.CompleteAsync(more, cancellationToken);
        }
    }

    private async Task RunAsync(
        int chunk, Func<bool> isDone, Func<IReadOnlyList<Delivery>, Task> complete,
        CancellationToken cancellationToken)
    {
        Task completing = Task.CompletedTask;
        long lastDelivery = Stopwatch.GetTimestamp();
        while (!isDone() && Stopwatch.GetElapsedTime(lastDelivery) < Patience)
        {
            IReadOnlyList<Delivery> deliveries = await ReceiveAsync(chunk, Wait, cancellationToken);
            Task next = deliveries.Count > 0 ? CompleteAsync(deliveries) : Task.CompletedTask;
            await completing;
            completing = next;
            lastDelivery = deliveries.Count > 0 ? Stopwatch.GetTimestamp() : lastDelivery;
        }

        await completing;

        async Task CompleteAsync(IReadOnlyList<Delivery> deliveries)
        {
            await complete(deliveries);
            Interlocked.Add(ref _completed, deliveries.Count);
        }
    }

    private async Task<IReadOnlyList<Delivery>> ReceiveAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        IReadOnlyList<Delivery> deliveries = await receiver.ReceiveAsync(maxMessages, maxWait, cancellationToken);
        foreach (Delivery delivery in deliveries)
        {
            long stamp = ledger.Deliver(delivery.Body.Span);
            OnDelivery?.Invoke(delivery, stamp);
        }

        return deliveries;
    }
}
