using System.Collections.Concurrent;
using System.Globalization;
using Granary.Benchmarks.Scenarios.Queues.Subjects;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.RabbitMq;

/// <summary>Publishes requests and consumes replies on one channel, as direct reply-to wants it.</summary>
/// <remarks>No publisher confirms: the reply says that the request arrived.</remarks>
internal sealed class RabbitMqRequester : IRequester
{
    private const string ReplyTo = "amq.rabbitmq.reply-to"; // a name that the server knows

    private readonly IChannel _channel;
    private readonly string _queue;
    private readonly bool _isPersistent;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<byte[]>> _waiting = new(StringComparer.Ordinal);
    private long _requests;

    private RabbitMqRequester(IChannel channel, string queue, bool isPersistent)
    {
        _channel = channel;
        _queue = queue;
        _isPersistent = isPersistent;
    }

    public static async Task<RabbitMqRequester> StartAsync(
        IChannel channel, string queue, bool isPersistent, CancellationToken cancellationToken)
    {
        var requester = new RabbitMqRequester(channel, queue, isPersistent);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += requester.ReceivedAsync;
        await channel.BasicConsumeAsync(ReplyTo, autoAck: true, consumer, cancellationToken);
        return requester;
    }

    public async Task<byte[]> RequestAsync(byte[] request, CancellationToken cancellationToken)
    {
        string id = Interlocked.Increment(ref _requests).ToString(CultureInfo.InvariantCulture);
        var reply = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = reply;
        var properties = new BasicProperties { Persistent = _isPersistent, ReplyTo = ReplyTo, CorrelationId = id };
        await _channel.BasicPublishAsync(
            exchange: "", _queue, mandatory: false, properties, request, cancellationToken);
        return await reply.Task.WaitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    // The body belongs to the library again once this returns.
    private Task ReceivedAsync(object sender, BasicDeliverEventArgs message)
    {
        if (_waiting.TryRemove(message.BasicProperties.CorrelationId ?? "", out TaskCompletionSource<byte[]>? reply))
        {
            reply.SetResult(message.Body.ToArray());
        }

        return Task.CompletedTask;
    }
}
