using Granary.Benchmarks.Scenarios.Queues.Subjects;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Beanstalkd;

/// <summary>
/// Pipelined reserves on one connection, to which the reserved messages belong. Deletes issued before a waiting
/// reserve are served before it.
/// </summary>
internal sealed class BeanstalkdReceiver(BeanstalkdConnection connection) : IQueueReceiver
{
    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        IReadOnlyList<Delivery> ready = await ReserveAsync(maxMessages, timeoutSeconds: 0);
        return ready.Count > 0 || maxWait == TimeSpan.Zero
            ? ready
            : await ReserveAsync(1, (int)Math.Ceiling(maxWait.TotalSeconds));
    }

    public async Task CompleteAsync(Delivery delivery, CancellationToken cancellationToken) =>
        (await connection.RequestAsync($"delete {delivery.Receipt}\r\n")).Expect("DELETED");

    public Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        Task.WhenAll(deliveries.Select(delivery => CompleteAsync(delivery, cancellationToken)));

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<IReadOnlyList<Delivery>> ReserveAsync(int count, int timeoutSeconds)
    {
        BeanstalkdReply[] replies = await Task.WhenAll(Enumerable.Range(0, count)
            .Select(_ => connection.RequestAsync($"reserve-with-timeout {timeoutSeconds}\r\n")));
        return [.. replies.Where(reply => !reply.Is("TIMED_OUT"))
            .Select(reply => new Delivery(reply.Expect("RESERVED").Data, reply.Words[1]))];
    }
}
