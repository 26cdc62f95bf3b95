using Granary.Benchmarks.Scenarios.Queues.Subjects;
using StackExchange.Redis;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Redis;

/// <summary>XADD, pipelined with whatever else is under way.</summary>
internal sealed class RedisSender(IDatabase database, RedisKey stream) : IQueueSender
{
    public Task SendAsync(byte[] body, CancellationToken cancellationToken) =>
        database.StreamAddAsync(stream, RedisReceiver.Field, body);

    public Task SendBatchAsync(IReadOnlyList<byte[]> bodies, CancellationToken cancellationToken) =>
        Task.WhenAll(bodies.Select(body => SendAsync(body, cancellationToken)));

    public Task SendDelayedAsync(byte[] body, DateTimeOffset due, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
