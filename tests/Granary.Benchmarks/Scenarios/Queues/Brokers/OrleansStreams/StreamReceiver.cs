using Granary.Benchmarks.Scenarios.Queues.Subjects;
using Orleans.Streams;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.OrleansStreams;

/// <summary>An explicit subscriber in the client. To it an event is complete when its handler has returned.</summary>
internal sealed class StreamReceiver : IQueueReceiver
{
    private readonly DeliveryBuffer _buffer = new();
    private StreamSubscriptionHandle<byte[]>? _subscription;

    private StreamReceiver()
    {
    }

    public static async Task<StreamReceiver> SubscribeAsync(IAsyncStream<byte[]> stream)
    {
        var receiver = new StreamReceiver();
        receiver._subscription = await stream.SubscribeAsync(receiver.ReceivedAsync);
        return receiver;
    }

    public Task<IReadOnlyList<Delivery>> ReceiveAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken) =>
        _buffer.TakeAsync(maxMessages, maxWait, cancellationToken);

    public Task CompleteAsync(Delivery delivery, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public async ValueTask DisposeAsync() => await (_subscription?.UnsubscribeAsync() ?? Task.CompletedTask);

    private Task ReceivedAsync(byte[] body, StreamSequenceToken? token)
    {
        _buffer.Add(new Delivery(body, this));
        return Task.CompletedTask;
    }
}
