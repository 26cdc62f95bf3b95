using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Granary.Client;
using IQueueReceiver = Granary.Benchmarks.Scenarios.Queues.Subjects.IQueueReceiver;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.GranarySilos;

/// <summary>Granary's receiver. It has no call that completes several messages: completions that wait are merged.</summary>
internal sealed class GranaryReceiver(global::Granary.Client.IQueueReceiver receiver) : IQueueReceiver
{
    /// <summary>How often the message has failed before.</summary>
    public static int FailuresOf(Delivery delivery) => ((ReceivedMessage)delivery.Receipt).DeliveryCount;

    public async Task<IReadOnlyList<Delivery>> ReceiveAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken)
    {
        IReadOnlyList<ReceivedMessage> messages =
            await receiver.ReceiveAsync(maxMessages, maxWait, cancellationToken);
        return [.. messages.Select(message => new Delivery(message.Body, message))];
    }

    public Task CompleteAsync(Delivery delivery, CancellationToken cancellationToken) =>
        receiver.CompleteAsync((ReceivedMessage)delivery.Receipt, cancellationToken);

    public Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        Task.WhenAll(deliveries.Select(delivery => CompleteAsync(delivery, cancellationToken)));

    public Task FailAsync(Delivery delivery, TimeSpan retryDelay, CancellationToken cancellationToken) =>
        receiver.AbandonAsync((ReceivedMessage)delivery.Receipt, "poison", retryDelay, cancellationToken);

    public Task DeadLetterAsync(Delivery delivery, CancellationToken cancellationToken) =>
        receiver.DeadLetterAsync((ReceivedMessage)delivery.Receipt, "poison", cancellationToken: cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
