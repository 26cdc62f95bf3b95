using Granary.Client;
using IQueueSender = Granary.Benchmarks.Scenarios.Queues.Subjects.IQueueSender;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;

/// <summary>Granary's sender, which merges the sends that wait.</summary>
internal sealed class GranarySender(global::Granary.Client.IQueueSender sender) : IQueueSender
{
    public Task SendAsync(byte[] body, CancellationToken cancellationToken) =>
        sender.SendAsync(new QueueMessage(body), cancellationToken);

    public Task SendBatchAsync(IReadOnlyList<byte[]> bodies, CancellationToken cancellationToken) =>
        sender.SendBatchAsync([.. bodies.Select(body => new QueueMessage(body))], cancellationToken);

    public Task SendDelayedAsync(byte[] body, DateTimeOffset due, CancellationToken cancellationToken) =>
        sender.ScheduleAsync(new QueueMessage(body), due, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
