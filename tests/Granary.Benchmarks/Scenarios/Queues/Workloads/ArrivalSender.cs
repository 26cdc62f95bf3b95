using System.Collections.Concurrent;
using Granary.Benchmarks.Scenarios.Queues.Ledgers;
using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Workloads;

/// <summary>Sends messages, each done when it has been received: a window holds all that is under way.</summary>
internal sealed class ArrivalSender(IQueueSender sender) : IQueueSender
{
    // Then it counts as lost, and the next one takes its place.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, TaskCompletionSource> _underWay = [];

    /// <summary>A message has been received.</summary>
    public void Arrive(Delivery delivery)
    {
        if (_underWay.TryRemove(MessageLedger.NumberOf(delivery.Body.Span), out TaskCompletionSource? arrival))
        {
            arrival.SetResult();
        }
    }

    public async Task SendAsync(byte[] body, CancellationToken cancellationToken)
    {
        var arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _underWay[MessageLedger.NumberOf(body)] = arrival;
        await sender.SendAsync(body, cancellationToken);
        try
        {
            await arrival.Task.WaitAsync(Patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The ledger tells.
        }
    }

    public Task SendBatchAsync(IReadOnlyList<byte[]> bodies, CancellationToken cancellationToken) =>
        Task.WhenAll(bodies.Select(body => SendAsync(body, cancellationToken)));

    public Task SendDelayedAsync(byte[] body, DateTimeOffset due, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => sender.DisposeAsync();
}
