using Granary.Benchmarks.Scenarios.Queues.Subjects;
using RabbitMQ.Client;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.RabbitMq;

/// <summary>A request is a message of the queue; the reply goes by direct reply-to, which stores nothing.</summary>
internal sealed class RabbitMqRequests(IConnection connection, bool isPersistent) : IRequests
{
    public async Task<IRequester> OpenRequesterAsync(string queue, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        return await RabbitMqRequester.StartAsync(channel, queue, isPersistent, cancellationToken);
    }

    public async Task<IAsyncDisposable> OpenResponderAsync(
        string queue, int concurrency, Func<ReadOnlyMemory<byte>, byte[]> respond, CancellationToken cancellationToken)
    {
        IChannel channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await channel.BasicQosAsync(prefetchSize: 0, (ushort)concurrency, global: false, cancellationToken);
        return await RabbitMqResponder.StartAsync(channel, queue, respond, cancellationToken);
    }
}
