using Granary.Benchmarks.Scenarios.Queues.Subjects;
using StackExchange.Redis;

namespace Granary.Benchmarks.Scenarios.Queues.Brokers.Redis;

/// <summary>XADD, pipelined with whatever else is under way.</summary>
/// <param name="database">Of the stream.</param>
/// <param name="stream">Where to.</param>
/// <param name="maxLength">About which it is trimmed to; <see langword="null"/>: it is not.</param>
internal sealed class RedisSender(IDatabase database, RedisKey stream, int? maxLength = null) : IQueueSender
{
    public Task SendAsync(byte[] body, CancellationToken cancellationToken) =>
        database.StreamAddAsync(
            stream, RedisReceiver.Field, body, maxLength: maxLength, useApproximateMaxLength: true);

    public Task SendBatchAsync(IReadOnlyList<byte[]> bodies, CancellationToken cancellationToken) =>
        Task.WhenAll(bodies.Select(body => SendAsync(body, cancellationToken)));

    public Task SendDelayedAsync(byte[] body, DateTimeOffset due, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
