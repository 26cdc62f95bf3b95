using Granary.Benchmarks.Scenarios.Queues.Subjects;
using NATS.Client.JetStream;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Nats;

/// <summary>A pull consumer that keeps its prefetch filled. Acknowledgements are sent without asking for an answer.</summary>
internal sealed class NatsReceiver : IQueueReceiver
{
    private readonly DeliveryBuffer _buffer = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _consuming;

    public NatsReceiver(INatsJSConsumer consumer, int prefetch) =>
        _consuming = ConsumeAsync(consumer, new NatsJSConsumeOpts { MaxMsgs = prefetch });

    public Task<IReadOnlyList<Delivery>> ReceiveAsync(
        int maxMessages, TimeSpan maxWait, CancellationToken cancellationToken) =>
        _buffer.TakeAsync(maxMessages, maxWait, cancellationToken);

    public Task CompleteAsync(Delivery delivery, CancellationToken cancellationToken) =>
        ((INatsJSMsg<byte[]>)delivery.Receipt).AckAsync(cancellationToken: cancellationToken).AsTask();

    public Task CompleteAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancellationToken) =>
        Task.WhenAll(deliveries.Select(delivery => CompleteAsync(delivery, cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _consuming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task ConsumeAsync(INatsJSConsumer consumer, NatsJSConsumeOpts options)
    {
        try
        {
            await foreach (INatsJSMsg<byte[]> message in
                consumer.ConsumeAsync<byte[]>(opts: options, cancellationToken: _stopping.Token))
            {
                _buffer.Add(new Delivery(message.Data, message));
            }
        }
        catch (NatsJSException error)
        {
            _buffer.Fail(error);
        }
    }
}
